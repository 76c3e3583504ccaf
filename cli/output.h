// Where a command's words go: data to stdout, messages to stderr, colour only where a person looks.
//
// Colour is used on a stream that is a terminal, unless NO_COLOR is set to anything or TERM is `dumb`. What policies,
// facts and requests bring is shown through printable(), so that no text of theirs can write escapes to a terminal.
// Data is buffered until the command ends. One Output per command; not thread-safe.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "grammar/text_check.h"

namespace lictor::cli {

enum class Tone { kPlain, kBold, kDim, kGood, kBad, kWarn, kAccent };

class Output {
 public:
  /// `data` and `messages` must outlive the Output; neither is closed by it.
  Output(std::FILE* data, std::FILE* messages);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Text for stdout, as it is.
  void data(std::string_view text);
  /// Text for stderr, as it is; everything given to data() before appears first.
  void message(std::string_view text);

  bool data_color() const { return data_color_; }
  bool message_color() const { return message_color_; }
  /// `text` in a tone, where the stream for data has colour.
  std::string paint(Tone tone, std::string_view text) const;
  /// The same for messages.
  std::string paint_message(Tone tone, std::string_view text) const;

  /// Writes what is buffered. False when something could not be written (a full disk, say).
  bool flush();

 private:
  std::FILE* data_;
  std::FILE* messages_;
  bool data_color_;
  bool message_color_;
  bool failed_ = false;
};

/// What others brought, fit for a terminal.
using lictor::printable;

/// `0.4 ns`, `87 ns`, `1.25 ms`: three figures.
std::string show_nanoseconds(double nanoseconds);

/// `1,234,567`
std::string show_count(uint64_t count);

/// "1 test", "3 tests".
std::string plural(uint64_t count, std::string_view noun);

}  // namespace lictor::cli
