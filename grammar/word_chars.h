// Which bytes make words, names and numbers: ASCII letters, digits and `_`. A table, because whole files are asked about.
#pragma once

#include <array>

namespace lictor {

inline constexpr std::array<bool, 256> kWordChars = [] {
  std::array<bool, 256> out{};
  for (int c = 0; c < 256; ++c) {
    out[static_cast<size_t>(c)] =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  return out;
}();

inline bool is_word_char(char c) { return kWordChars[static_cast<unsigned char>(c)]; }

}  // namespace lictor
