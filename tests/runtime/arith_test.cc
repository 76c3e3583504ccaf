// Arithmetic at its edges, and on random words against the compiler's overflow checks.
#include "compiler/arith.h"

#include <gtest/gtest.h>

#include <random>

namespace lictor::arith {
namespace {

constexpr int64_t kMin = INT64_MIN, kMax = INT64_MAX;
constexpr Checked ok(int64_t value) { return {value, EvalErrorKind{0}}; }
constexpr Checked kOver = fail(EvalErrorKind::kOverflow);
constexpr Checked kZero = fail(EvalErrorKind::kDivisionByZero);
constexpr Checked kFraction = fail(EvalErrorKind::kNotWhole);

struct Case {
  const char* what;
  Checked got, wanted;
};

constexpr Case kCases[] = {
    {"max + 1", add(kMax, 1), kOver},
    {"min + -1", add(kMin, -1), kOver},
    {"min + max", add(kMin, kMax), ok(-1)},
    {"min - 1", sub(kMin, 1), kOver},
    {"0 - min", sub(0, kMin), kOver},
    {"-1 - min", sub(-1, kMin), ok(kMax)},
    {"min * -1", mul(kMin, -1), kOver},
    {"min * 1", mul(kMin, 1), ok(kMin)},
    {"2^32 * 2^31", mul(int64_t{1} << 32, int64_t{1} << 31), kOver},
    {"2^32 * -2^31", mul(int64_t{1} << 32, -(int64_t{1} << 31)), ok(kMin)},
    {"-min", neg(kMin), kOver},
    {"-max", neg(kMax), ok(-kMax)},
    {"1 / 0", div(1, 0), kZero},
    {"min / -1", div(kMin, -1), kOver},
    {"-7 / 2", div(-7, 2), ok(-3)},
    {"7 / -2", div(7, -2), ok(-3)},
    {"1 mod 0", mod(1, 0), kZero},
    {"min mod -1", mod(kMin, -1), ok(0)},
    {"-7 mod 2", mod(-7, 2), ok(-1)},
    {"7 mod -2", mod(7, -2), ok(1)},
    {"0.0001 * 0.5 is half, to even 0", dec_mul(1, 5'000), ok(0)},
    {"0.0003 * 0.5 is half, to even 0.0002", dec_mul(3, 5'000), ok(2)},
    {"-0.0001 * 0.5", dec_mul(-1, 5'000), ok(0)},
    {"-0.0003 * 0.5", dec_mul(-3, 5'000), ok(-2)},
    {"1.5 * 1.5", dec_mul(15'000, 15'000), ok(22'500)},
    {"largest decimal * 1.0001", dec_mul(kMax, 10'001), kOver},
    {"least decimal * -1", dec_mul(kMin, -10'000), kOver},
    {"1 / 3", dec_div(10'000, 30'000), ok(3'333)},
    {"2 / 3", dec_div(20'000, 30'000), ok(6'667)},
    {"0.0001 / 2", dec_div(1, 20'000), ok(0)},
    {"0.0003 / 2", dec_div(3, 20'000), ok(2)},
    {"1.0 / 0.0", dec_div(10'000, 0), kZero},
    {"largest / 0.0001", dec_div(kMax, 1), kOver},
    {"least / -1", dec_div(kMin, -10'000), kOver},
    {"decimal of max", int_to_dec(kMax), kOver},
    {"decimal of 922337203685477", int_to_dec(922'337'203'685'477), ok(9'223'372'036'854'770'000)},
    {"int of 2.5", dec_to_int(25'000), kFraction},
    {"int of -3.0", dec_to_int(-30'000), ok(-3)},
    {"some of min", some(kMin), kOver},
    {"some of -max", some(-kMax), ok(-kMax)},
};

TEST(Arith, HoldsAtItsEdges) {
  for (const Case& c : kCases) {
    EXPECT_EQ(c.got.value, c.wanted.value) << c.what;
    EXPECT_EQ(c.got.error, c.wanted.error) << c.what;
  }
}

int64_t word(std::mt19937_64& random) {
  auto bits = static_cast<int64_t>(random());
  switch (random() % 4) {
    case 0:
      return bits;
    case 1:
      return bits >> (random() % 64);
    case 2:
      return kMax - static_cast<int64_t>(random() % 4);
    default:
      return kMin + static_cast<int64_t>(random() % 4);
  }
}

TEST(Arith, AgreesWithTheMachineOnRandomWords) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 1'000'000; ++i) {
    int64_t a = word(random);
    int64_t b = word(random);
    int64_t wanted = 0;
    bool over = __builtin_add_overflow(a, b, &wanted);
    ASSERT_EQ(add(a, b), over ? kOver : ok(wanted)) << a << " " << b;
    over = __builtin_sub_overflow(a, b, &wanted);
    ASSERT_EQ(sub(a, b), over ? kOver : ok(wanted)) << a << " " << b;
    over = __builtin_mul_overflow(a, b, &wanted);
    ASSERT_EQ(mul(a, b), over ? kOver : ok(wanted)) << a << " " << b;
    if (b == 0 || (a == kMin && b == -1)) continue;
    ASSERT_EQ(div(a, b), ok(a / b)) << a << " " << b;
    ASSERT_EQ(mod(a, b), ok(a % b)) << a << " " << b;
  }
}

TEST(Arith, HalfToEvenIsTheNearest) {
  for (int64_t a = -200; a <= 200; ++a) {
    for (int64_t b = -20; b <= 20; ++b) {
      if (b == 0) continue;
      auto q = static_cast<int64_t>(half_even(a, b));
      int64_t twice_off = 2 * (a - q * b);
      ASSERT_LE(std::abs(twice_off), std::abs(b)) << a << " / " << b;
      if (std::abs(twice_off) == std::abs(b)) {
        ASSERT_EQ(q % 2, 0) << a << " / " << b;
      }
    }
  }
}

}  // namespace
}  // namespace lictor::arith
