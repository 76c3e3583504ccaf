// SHA-256, for bundle hashes and the audit chain.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lictor {

using Digest = std::array<uint8_t, 32>;

/// Hashes one message after another. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  /// The length of `bytes` (8 bytes, big-endian), then `bytes`: no two lists of fields give the same input.
  void add_field(std::string_view bytes);
  /// A number as a field of 8 bytes, big-endian, two's complement.
  void add_field(int64_t number);
  /// The digest of what was added; begins a new message.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(std::string_view bytes);
std::string hex(std::string_view bytes);
std::string hex(const Digest& digest);
/// False when `text` is not 64 lower-case hex digits.
bool parse_hex(std::string_view text, Digest& out);

}  // namespace lictor
