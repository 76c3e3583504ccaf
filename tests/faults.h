// The two sizes of a fault test: a short one in every run, the full figure of docs/faults.md by an environment variable.
//   LICTOR_FAULTS=full   every fault test at its full figure
//   LICTOR_FAULTS=3      three times the short figure
//   LICTOR_FAULTS_SEED=N another seed than the fixed one
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace lictor::testing {

/// How many times a fault test runs its body.
inline uint64_t fault_rounds(uint64_t in_short, uint64_t full) {
  const char* size = std::getenv("LICTOR_FAULTS");
  if (size == nullptr) return in_short;
  if (std::strcmp(size, "full") == 0) return full;
  uint64_t times = std::strtoull(size, nullptr, 10);
  return times == 0 ? in_short : in_short * times;
}

/// Times are bounded for code as it is shipped; a sanitizer makes it slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr double kPatience = 20;
#else
inline constexpr double kPatience = 1;
#endif

/// The seed of a fault test, printed so that a failure can be repeated.
inline uint64_t fault_seed(const char* row, uint64_t fixed) {
  const char* given = std::getenv("LICTOR_FAULTS_SEED");
  uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : fixed;
  std::printf("%s: seed %llu\n", row, static_cast<unsigned long long>(seed));
  return seed;
}

}  // namespace lictor::testing
