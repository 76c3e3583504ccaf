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
