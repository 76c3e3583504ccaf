// 10 characters of time and 16 of randomness, five bits each. The system's random source is asked each time: no state,
// so nothing is repeated after a fork.
#include "host/ulid.h"

#include <sys/random.h>

#include <array>
#include <chrono>
#include <random>

namespace lictor {

namespace {

void fill_random(std::array<uint8_t, 10>& bytes) {
  if (getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())) return;
  std::random_device device;  // kernels without getrandom
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(device());
}

}  // namespace

std::string make_ulid(int64_t microseconds) {
  static constexpr char kLetters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(26, '0');
  uint64_t milliseconds = static_cast<uint64_t>(microseconds < 0 ? 0 : microseconds / 1000);
  for (int i = 9; i >= 0; --i, milliseconds >>= 5) text[i] = kLetters[milliseconds & 31];

  std::array<uint8_t, 10> random{};
  fill_random(random);
  for (int i = 0; i < 16; ++i) {
    int bit = i * 5, byte = bit / 8, shift = bit % 8;
    unsigned pair = static_cast<unsigned>(random[byte]) << 8 | (byte + 1 < 10 ? random[byte + 1] : 0u);
    text[10 + i] = kLetters[pair >> (11 - shift) & 31];
  }
  return text;
}

int64_t system_now() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace lictor
