// docs/faults.md, P14: arithmetic at the edges of 64 bits is the same in constant folding, in the interpreter and in
// native code, and what a reference of its own says. Pairs of operands are requests: each is put to one decision with a
// clause per operation, so that one evaluation gives all results and all errors.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <optional>
#include <random>
#include <thread>

#include "compiler/fold.h"
#include "runtime/request.h"
#include "tests/faults.h"
#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

constexpr const char* kPolicy = R"(
module t
request Pair { a: int, b: int, x: decimal, y: decimal, s: duration, u: duration }
decision gate(r: Pair) {
  default deny "none"
  allow add: "{n}" if n = r.a + r.b.
  allow sub: "{n}" if n = r.a - r.b.
  allow mul: "{n}" if n = r.a * r.b.
  allow div: "{n}" if n = r.a / r.b.
  allow mod: "{n}" if n = r.a mod r.b.
  allow neg: "{n}" if n = -r.a.
  allow wide: "{n}" if n = decimal(r.a).
  allow whole: "{n}" if n = int(r.x).
  allow dec_add: "{n}" if n = r.x + r.y.
  allow dec_mul: "{n}" if n = r.x * r.y.
  allow dec_div: "{n}" if n = r.x / r.y.
  allow span_mul: "{n}" if n = r.s * r.b.
  allow span_div: "{n}" if n = r.s / r.b.
  allow span_share: "{n}" if n = r.s / r.u.
}
)";

__extension__ typedef __int128 Wide;

/// A word, or why there is none: 0 is no error.
struct Outcome {
  int64_t word = 0;
  int error = 0;
  bool operator==(const Outcome&) const = default;
};
constexpr Outcome kOver = {0, static_cast<int>(EvalErrorKind::kOverflow)};
constexpr Outcome kZero = {0, static_cast<int>(EvalErrorKind::kDivisionByZero)};
constexpr Outcome kFraction = {0, static_cast<int>(EvalErrorKind::kNotWhole)};

// ---- The reference: made from other operations than compiler/arith.h ------------------------------------------------

Outcome exact(Wide value) {
  auto word = static_cast<int64_t>(static_cast<uint64_t>(value));
  return Wide{word} == value ? Outcome{word, 0} : kOver;
}

/// Half to even by comparing twice the rest with the divisor, on magnitudes.
Outcome rounded(Wide a, Wide b) {
  if (b == 0) return kZero;
  bool negative = (a < 0) != (b < 0);
  Wide x = a < 0 ? -a : a, y = b < 0 ? -b : b;
  Wide quotient = x / y, twice = 2 * (x % y);
  if (twice > y || (twice == y && quotient % 2 == 1)) ++quotient;
  return exact(negative ? -quotient : quotient);
}

Outcome truncated(int64_t a, int64_t b) {
  if (b == 0) return kZero;
  return exact(Wide{a} / b);
}

using Operands = std::array<int64_t, 6>;  // as the fields of Pair

struct Operation {
  const char* clause;
  Op op;
  int left, right;  // fields; -1: none
  TypeId type;      // of the result
  Outcome (*reference)(int64_t, int64_t);
};

Outcome checked_sum(int64_t a, int64_t b) {
  int64_t word = 0;
  return __builtin_add_overflow(a, b, &word) ? kOver : Outcome{word, 0};
}
Outcome checked_difference(int64_t a, int64_t b) {
  int64_t word = 0;
  return __builtin_sub_overflow(a, b, &word) ? kOver : Outcome{word, 0};
}
Outcome checked_product(int64_t a, int64_t b) {
  int64_t word = 0;
  return __builtin_mul_overflow(a, b, &word) ? kOver : Outcome{word, 0};
}
Outcome remainder(int64_t a, int64_t b) { return b == 0 ? kZero : exact(Wide{a} % b); }
Outcome negated(int64_t a, int64_t) { return a == INT64_MIN ? kOver : Outcome{-a, 0}; }
Outcome widened(int64_t a, int64_t) { return exact(Wide{a} * 10'000); }
Outcome whole(int64_t a, int64_t) { return a % 10'000 == 0 ? Outcome{a / 10'000, 0} : kFraction; }
Outcome decimal_product(int64_t a, int64_t b) { return rounded(Wide{a} * b, 10'000); }
Outcome decimal_share(int64_t a, int64_t b) { return rounded(Wide{a} * 10'000, b); }

constexpr Operation kOperations[] = {
    {"add", Op::kAdd, 0, 1, kIntType, checked_sum},
    {"sub", Op::kSub, 0, 1, kIntType, checked_difference},
    {"mul", Op::kMul, 0, 1, kIntType, checked_product},
    {"div", Op::kDiv, 0, 1, kIntType, truncated},
    {"mod", Op::kMod, 0, 1, kIntType, remainder},
    {"neg", Op::kNeg, 0, -1, kIntType, negated},
    {"wide", Op::kIntToDec, 0, -1, kDecimalType, widened},
    {"whole", Op::kDecToInt, 2, -1, kIntType, whole},
    {"dec_add", Op::kAdd, 2, 3, kDecimalType, checked_sum},
    {"dec_mul", Op::kDecMul, 2, 3, kDecimalType, decimal_product},
    {"dec_div", Op::kDecDiv, 2, 3, kDecimalType, decimal_share},
    {"span_mul", Op::kMul, 4, 1, kDurationType, checked_product},
    {"span_div", Op::kDiv, 4, 1, kDurationType, truncated},
    {"span_share", Op::kDecDiv, 4, 5, kDecimalType, decimal_share},
};
constexpr size_t kCount = std::size(kOperations);
using Outcomes = std::array<Outcome, kCount>;

constexpr TypeId kFieldTypes[] = {kIntType, kIntType, kDecimalType, kDecimalType, kDurationType, kDurationType};

// ---- Operands -------------------------------------------------------------------------------------------------------

/// Edges, powers of two and their neighbours, numbers of any length, and any 64 bits.
int64_t operand(std::mt19937_64& random) {
  static constexpr int64_t kEdges[] = {
      INT64_MIN, INT64_MIN + 1,      INT64_MAX,         INT64_MAX - 1,  0,      1,     -1,     2,
      -2,        3'037'000'499,      3'037'000'500,     -3'037'000'500, 10'000, 5'000, -5'000, 15'000,
      9'999,     INT64_MIN / 10'000, INT64_MAX / 10'000};
  switch (random() % 4) {
    case 0:
      return kEdges[random() % std::size(kEdges)];
    case 1:
      return static_cast<int64_t>((uint64_t{1} << (random() % 64)) + random() % 3 - 1);
    case 2: {
      auto word = static_cast<int64_t>(random() >> (1 + random() % 63));
      return random() % 2 == 0 ? word : -word;
    }
    default:
      return static_cast<int64_t>(random());
  }
}

Operands operands(std::mt19937_64& random) {
  Operands out{};
  for (int64_t& word : out) word = operand(random);
  if (random() % 4 == 0) out[2] -= out[2] % 10'000;  // whole decimals
  return out;
}

// ---- The tiers ------------------------------------------------------------------------------------------------------

Expr constant_of(TypeId type, int64_t word) {
  Expr expr;
  expr.type = type;
  expr.n = word;
  Datum value;
  value.type = type;
  value.n = word;
  expr.constant = std::make_shared<const Datum>(std::move(value));
  return expr;
}

/// What folding makes of the operation on two constants; nothing where it leaves it for run time, as it must on errors.
std::optional<int64_t> folded(const Schema& schema, const Operation& operation, const Operands& words) {
  Expr expr;
  expr.op = operation.op;
  expr.type = operation.type;
  expr.can_err = true;
  for (int field : {operation.left, operation.right}) {
    if (field >= 0) expr.args.push_back(constant_of(kFieldTypes[field], words[static_cast<size_t>(field)]));
  }
  fold(schema, expr);
  if (!is_constant(expr)) return std::nullopt;
  return expr.constant->n;
}

BoundRequest request_of(Engine& engine, const Operands& words) {
  std::vector<std::optional<Datum>> fields;
  for (size_t i = 0; i < words.size(); ++i) {
    Datum value;
    value.type = kFieldTypes[i];
    value.n = words[i];
    fields.emplace_back(value);
  }
  auto request = BoundRequest::from_values(engine, 0, fields);
  EXPECT_TRUE(request);
  return std::move(*request);
}

size_t number_of(std::string_view clause) {
  size_t i = 0;
  while (i < kCount && clause != kOperations[i].clause) ++i;
  return i;
}

void take(const Instance& instance, Outcomes& out) {
  size_t number = number_of(instance.id);
  if (number < kCount && !instance.bindings.empty()) out[number] = {instance.bindings[0].second.n, 0};
}

/// Every clause's value or error, as one evaluation says. The words go straight into the bound request.
Outcomes evaluated(Engine& engine, BoundRequest& request, const Operands& words) {
  std::copy(words.begin(), words.end(), request.state().fields.begin());
  Outcomes out;
  out.fill({0, -1});
  DecisionResult result = engine.evaluate(request, 0);
  take(result.winner, out);
  for (const Instance& instance : result.also) take(instance, out);
  for (const EvalError& error : result.errors) {
    if (size_t number = number_of(error.where); number < kCount) out[number] = {0, static_cast<int>(error.kind)};
  }
  return out;
}

std::string shown(const Operation& operation, const Operands& words) {
  std::string out = operation.clause;
  for (int field : {operation.left, operation.right}) {
    if (field >= 0) out += " " + std::to_string(words[static_cast<size_t>(field)]);
  }
  return out;
}

class Comparison {
 public:
  explicit Comparison(const Engines& engines) : engines_(engines) {}

  void run(uint64_t seed, uint64_t pairs) {
    std::mt19937_64 random(seed);
    BoundRequest interpreted = request_of(*engines_.interpreter, {});
    BoundRequest native = request_of(*engines_.native, {});
    for (uint64_t i = 0; i < pairs && differences < 10; ++i) {
      Operands words = operands(random);
      Outcomes by_interpreter = evaluated(*engines_.interpreter, interpreted, words);
      Outcomes by_native = evaluated(*engines_.native, native, words);
      for (size_t k = 0; k < kCount; ++k) compare(kOperations[k], words, by_interpreter[k], by_native[k]);
    }
  }

  std::atomic<uint64_t> differences = 0, errors = 0, values = 0;

 private:
  void compare(const Operation& operation, const Operands& words, Outcome interpreted, Outcome native) {
    int64_t left = words[static_cast<size_t>(operation.left)];
    int64_t right = operation.right < 0 ? 0 : words[static_cast<size_t>(operation.right)];
    Outcome wanted = operation.reference(left, right);
    std::optional<int64_t> at_compile_time = folded(engines_.native->plan().schema, operation, words);
    bool same_folded = wanted.error == 0 ? at_compile_time == wanted.word : !at_compile_time;
    (wanted.error == 0 ? values : errors) += 1;
    if (same_folded && interpreted == wanted && native == wanted) return;
    ++differences;
    ADD_FAILURE() << shown(operation, words) << ": wanted " << wanted.word << " error " << wanted.error
                  << ", interpreter " << interpreted.word << " error " << interpreted.error << ", native "
                  << native.word << " error " << native.error << ", folded "
                  << (at_compile_time ? std::to_string(*at_compile_time) : "left");
  }

  const Engines& engines_;
};

TEST(FaultsPolicy, P14_ArithmeticAtItsEdgesIsTheSameInEveryTier) {
  uint64_t seed = fault_seed("P14", 14);
  uint64_t pairs = fault_rounds(40'000, 10'000'000);
  Engines engines = engines_of(plan_of(kPolicy));
  ASSERT_TRUE(engines.native);
  Comparison comparison(engines);
  constexpr uint64_t kThreads = 2;
  {
    std::vector<std::jthread> threads;
    for (uint64_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { comparison.run(seed + i, pairs / kThreads); });
    }
  }
  EXPECT_EQ(comparison.differences, 0u);
  std::printf("P14: %llu pairs, %llu values, %llu errors, %llu differences\n", static_cast<unsigned long long>(pairs),
              static_cast<unsigned long long>(comparison.values), static_cast<unsigned long long>(comparison.errors),
              static_cast<unsigned long long>(comparison.differences));
  // the operands must keep testing what they are for
  EXPECT_GT(comparison.errors, pairs);
  EXPECT_GT(comparison.values, pairs);
}

// Guards take the checks away: the code behind them is unchecked, and must not run where the guard does not hold.
TEST(FaultsPolicy, P14_ArithmeticBehindAGuardIsNeverReachedWithoutIt) {
  uint64_t seed = fault_seed("P14 guarded", 1414);
  Engines engines = engines_of(plan_of(R"(
module t
relation divisor(d: int) { (0) (-1) (3) }
request Pair { a: int, b: int, small: int -1000..1000 }
decision gate(r: Pair) {
  default deny "none"
  allow add: "{n}" if r.a >= -1000, r.a <= 1000, r.b > -5, r.b < 5, n = r.a + r.b.
  allow up: "{n}" if r.b > 0, n = r.a / r.b.
  allow down: "{n}" if r.b < -1, n = r.a / r.b.
  allow rest: "{n}" if r.b < 0, n = r.a mod r.b.
  allow each: "{d} {n}" if divisor(d), d > 0, n = r.a / d.
  allow small: "{n}" if n = r.small * r.small * r.small.
  allow case_of: "{n}" if n = case { r.b > 0 => r.small / r.b; else => r.small * 2 }.
}
)"));
  ASSERT_TRUE(engines.native);
  std::mt19937_64 random(seed);
  for (uint64_t i = 0; i < fault_rounds(5'000, 1'000'000); ++i) {
    int64_t a = operand(random), b = random() % 2 == 0 ? operand(random) : static_cast<int64_t>(random() % 9) - 4;
    int64_t small = static_cast<int64_t>(random() % 2001) - 1000;
    std::string request = "{\"a\": " + std::to_string(a) + ", \"b\": " + std::to_string(b) +
                          ", \"small\": " + std::to_string(small) + "}";
    std::string answer = ask(engines, request);
    std::string wanted;
    auto add = [&](const std::string& id, const std::string& reason) {
      wanted += (wanted.empty() ? "allow " : "; also allow ") + id + ": " + reason;
    };
    if (a >= -1000 && a <= 1000 && b > -5 && b < 5) add("add", std::to_string(a + b));
    if (b > 0) add("up", std::to_string(a / b));
    if (b < -1) add("down", std::to_string(a / b));
    if (b < 0) add("rest", std::to_string(b == -1 ? 0 : a % b));
    add("each", "3 " + std::to_string(a / 3));
    add("small", std::to_string(small * small * small));
    add("case_of", std::to_string(b > 0 ? small / b : small * 2));
    ASSERT_EQ(answer, wanted) << request;
  }
}

// The whole way from the text: operands as literals, so that the compiler's passes do the work.
TEST(FaultsPolicy, P14_LiteralsAreFoldedToWhatRunTimeSays) {
  uint64_t seed = fault_seed("P14 literals", 141414);
  std::mt19937_64 random(seed);
  constexpr const char* kSigns[] = {"+", "-", "*", "/", "mod"};
  std::string text = "module t\nrequest R {}\ndecision gate(r: R) {\n  default deny \"none\"\n";
  std::vector<std::pair<std::string, Outcome>> wanted;
  for (int i = 0; i < 400; ++i) {
    int64_t a = operand(random), b = operand(random);
    size_t sign = random() % std::size(kSigns);
    std::string id = "c" + std::to_string(i);
    text += "  allow " + id + ": \"{n}\" if n = (" + std::to_string(a) + ") " + kSigns[sign] + " (" +
            std::to_string(b) + ").\n";
    wanted.emplace_back(id, kOperations[sign].reference(a, b));
  }
  Engines engines = engines_of(plan_of(text + "}\n"));
  ASSERT_TRUE(engines.native);
  for (Engine* engine : {engines.interpreter.get(), engines.native.get()}) {
    auto request = BoundRequest::from_json(*engine, 0, "{}");
    ASSERT_TRUE(request);
    DecisionResult result = engine->evaluate(*request, 0);
    std::vector<Instance> all = result.also;
    all.push_back(result.winner);
    for (const auto& [id, outcome] : wanted) {
      auto found = std::find_if(all.begin(), all.end(), [&](const Instance& one) { return one.id == id; });
      auto error = std::find_if(result.errors.begin(), result.errors.end(),
                                [&](const EvalError& one) { return one.where == id; });
      ASSERT_EQ(found != all.end(), outcome.error == 0) << id;
      ASSERT_EQ(error != result.errors.end(), outcome.error != 0) << id;
      if (outcome.error == 0) {
        ASSERT_EQ(found->reason, std::to_string(outcome.word)) << id;
      } else {
        ASSERT_EQ(static_cast<int>(error->kind), outcome.error) << id;
      }
    }
  }
}

}  // namespace
}  // namespace lictor::testing
