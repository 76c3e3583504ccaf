// Lines that a person types, with editing, history and completion on a terminal; plain lines from anything else.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lictor::cli {

class LineReader {
 public:
  /// Bytes of a line; of a longer one the beginning is given, so that whoever reads can refuse it.
  static constexpr size_t kMostLine = 1 << 20;

  enum class Got { kLine, kEnd, kInterrupted };

  /// `words`: what Tab can complete a word to, asked each time. `history`: the file that keeps lines, "" for none.
  /// Edits where both standard input and output are terminals and TERM is not `dumb`. One at a time per process.
  LineReader(std::function<std::vector<std::string>()> words, std::string history);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Does somebody sit there? Prompts are shown only then.
  bool is_terminal() const { return terminal_; }
  /// The next line, without its line break. kInterrupted: Ctrl-C.
  Got read(std::string_view prompt, std::string& line);
  /// Keeps an entry, which may have several lines, for the arrow keys.
  void remember(const std::string& entry);

 private:
  struct Editor;
  Got read_plainly(std::string_view prompt, std::string& line);
  bool terminal_;
  std::unique_ptr<Editor> editor_;  // null: no editing
};

/// The words that begin as `start` does, and what they have in common beyond it.
struct Completion {
  std::vector<std::string> words;
  std::string more;
};
Completion complete(std::string_view start, const std::vector<std::string>& words);

}  // namespace lictor::cli
