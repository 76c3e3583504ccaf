#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace lictor::cli {
namespace {

bool wants_color(std::FILE* stream) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color && *no_color) return false;
  const char* term = std::getenv("TERM");
  if (!term || std::string_view(term) == "dumb") return false;
  return isatty(fileno(stream)) == 1;
}

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kBold:
      return "\033[1m";
    case Tone::kDim:
      return "\033[2m";
    case Tone::kGood:
      return "\033[1;32m";
    case Tone::kBad:
      return "\033[1;31m";
    case Tone::kWarn:
      return "\033[1;33m";
    case Tone::kAccent:
      return "\033[36m";
  }
  return "";
}

std::string painted(bool color, Tone tone, std::string_view text) {
  if (!color || tone == Tone::kPlain || text.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", escape_of(tone), text);
}

/// The length of the well-formed UTF-8 sequence that begins at `i`; 0 when there is none.
size_t sequence_length(std::string_view text, size_t i) {
  auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
  unsigned char lead = byte(i);
  size_t length = lead < 0x80                    ? 1
                  : lead >= 0xC2 && lead <= 0xDF ? 2
                  : (lead & 0xF0) == 0xE0        ? 3
                  : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                 : 0;
  if (length == 0 || i + length > text.size()) return 0;
  for (size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  bool overlong = (lead == 0xE0 && byte(i + 1) < 0xA0) || (lead == 0xF0 && byte(i + 1) < 0x90);
  bool beyond = (lead == 0xED && byte(i + 1) >= 0xA0) || (lead == 0xF4 && byte(i + 1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

Output::Output(std::FILE* data, std::FILE* messages)
    : data_(data), messages_(messages), data_color_(wants_color(data)), message_color_(wants_color(messages)) {}

Output::~Output() { flush(); }

void Output::data(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), data_) != text.size()) failed_ = true;
}

void Output::message(std::string_view text) {
  flush();
  std::fwrite(text.data(), 1, text.size(), messages_);
  std::fflush(messages_);
}

std::string Output::paint(Tone tone, std::string_view text) const { return painted(data_color_, tone, text); }

std::string Output::paint_message(Tone tone, std::string_view text) const {
  return painted(message_color_, tone, text);
}

bool Output::flush() {
  if (std::fflush(data_) != 0) failed_ = true;
  return !failed_;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    size_t length = sequence_length(text, i);
    auto byte = static_cast<unsigned char>(text[i]);
    bool c1 = length == 2 && byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
      length = 1;
    } else if (c1) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned char>(text[i + 1]));
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

std::string show_nanoseconds(double nanoseconds) {
  static constexpr std::string_view kUnits[] = {"ns", "us", "ms", "s"};
  size_t unit = 0;
  while (nanoseconds >= 1000 && unit < 3) {
    nanoseconds /= 1000;
    ++unit;
  }
  int digits = nanoseconds >= 100 ? 0 : nanoseconds >= 10 ? 1 : 2;
  return fmt::format("{:.{}f} {}", nanoseconds, digits, kUnits[unit]);
}

std::string show_count(uint64_t count) {
  std::string digits = fmt::format("{}", count), out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string plural(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", show_count(count), noun, count == 1 ? "" : "s");
}

}  // namespace lictor::cli
