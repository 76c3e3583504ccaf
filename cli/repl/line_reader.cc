#include "cli/repl/line_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <utility>

#if LICTOR_EDITLINE
#include <histedit.h>
#endif

namespace lictor::cli {

#if LICTOR_EDITLINE

namespace {

constexpr int kMostHistory = 1000;

bool can_edit() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0 && term != nullptr && *term != '\0' &&
         std::string_view(term) != "dumb";
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':';
}

void note_interrupt(int) {}

/// While a line is read, Ctrl-C ends the reading instead of the process.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action{};
    action.sa_handler = note_interrupt;  // no SA_RESTART: read() must come back
    ::sigaction(SIGINT, &action, &before_);
  }
  ~Interruptible() { ::sigaction(SIGINT, &before_, nullptr); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_{};
};

}  // namespace

struct LineReader::Editor {
  EditLine* line = nullptr;
  History* history = nullptr;
  HistEvent event{};
  std::function<std::vector<std::string>()> words;
  std::string file;
  std::string prompt;

  Editor(std::function<std::vector<std::string>()> known, std::string kept)
      : words(std::move(known)), file(std::move(kept)) {
    std::setlocale(LC_CTYPE, "");  // for characters of several bytes
    line = ::el_init("lictor", stdin, stdout, stderr);
    history = ::history_init();
    if (line == nullptr || history == nullptr) return;
    ::history(history, &event, H_SETSIZE, kMostHistory);
    ::history(history, &event, H_SETUNIQUE, 1);
    if (!file.empty()) ::history(history, &event, H_LOAD, file.c_str());
    ::el_set(line, EL_CLIENTDATA, this);
    ::el_set(line, EL_PROMPT, show_prompt);
    ::el_set(line, EL_EDITOR, "emacs");
    ::el_set(line, EL_HIST, ::history, history);
    ::el_set(line, EL_ADDFN, "lictor-complete", "complete a name", complete_word);
    ::el_set(line, EL_BIND, "^I", "lictor-complete", nullptr);
    ::el_set(line, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    ::el_source(line, nullptr);  // ~/.editrc
  }
  ~Editor() {
    if (history != nullptr && !file.empty()) ::history(history, &event, H_SAVE, file.c_str());
    if (history != nullptr) ::history_end(history);
    if (line != nullptr) ::el_end(line);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  /// Null where there is nothing to edit on.
  static std::unique_ptr<Editor> make(std::function<std::vector<std::string>()> words, std::string history) {
    if (!can_edit()) return nullptr;
    auto editor = std::make_unique<Editor>(std::move(words), std::move(history));
    bool fine = editor->line != nullptr && editor->history != nullptr;
    return fine ? std::move(editor) : nullptr;
  }

  Got read(std::string_view shown, std::string& out) {
    Interruptible while_reading;
    prompt = shown;
    int length = 0;
    errno = 0;
    const char* text = ::el_gets(line, &length);
    if (text == nullptr || length <= 0) {
      bool interrupted = length < 0 && errno == EINTR;
      if (interrupted) ::el_reset(line);
      std::fputc('\n', stdout);
      return interrupted ? Got::kInterrupted : Got::kEnd;
    }
    out.assign(text, static_cast<size_t>(length));
    while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
    return Got::kLine;
  }
  void remember(const std::string& entry) { ::history(history, &event, H_ENTER, entry.c_str()); }

  static Editor& of(EditLine* line) {
    Editor* editor = nullptr;
    ::el_get(line, EL_CLIENTDATA, &editor);
    return *editor;
  }
  static char* show_prompt(EditLine* line) { return of(line).prompt.data(); }

  static unsigned char complete_word(EditLine* line, int) {
    const LineInfo* info = ::el_line(line);
    const char* begin = info->cursor;
    while (begin > info->buffer && is_word(begin[-1])) --begin;
    Completion found = complete({begin, static_cast<size_t>(info->cursor - begin)}, of(line).words());
    if (found.words.empty()) return CC_REFRESH_BEEP;
    if (!found.more.empty()) return ::el_insertstr(line, found.more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    if (found.words.size() == 1) return CC_NORM;
    std::fputc('\n', stdout);
    for (const std::string& word : found.words) std::fprintf(stdout, "%s\n", word.c_str());
    return CC_REDISPLAY;
  }
};

#else

/// Without the library nothing is edited.
struct LineReader::Editor {
  static std::unique_ptr<Editor> make(const std::function<std::vector<std::string>()>&, const std::string&) {
    return nullptr;
  }
  Got read(std::string_view, std::string&) { return Got::kEnd; }
  void remember(const std::string&) {}
};

#endif

LineReader::LineReader(std::function<std::vector<std::string>()> words, std::string history)
    : terminal_(::isatty(STDIN_FILENO) != 0), editor_(Editor::make(std::move(words), std::move(history))) {}

LineReader::~LineReader() = default;

LineReader::Got LineReader::read(std::string_view prompt, std::string& line) {
  return editor_ ? editor_->read(prompt, line) : read_plainly(prompt, line);
}

LineReader::Got LineReader::read_plainly(std::string_view prompt, std::string& line) {
  if (terminal_) {
    std::fwrite(prompt.data(), 1, prompt.size(), stderr);
    std::fflush(stderr);
  }
  line.clear();
  int c = 0;
  while ((c = std::fgetc(stdin)) != EOF && c != '\n') {
    if (line.size() <= kMostLine) line += static_cast<char>(c);  // the rest of a line that is refused anyway
  }
  if (c == EOF && line.empty()) return Got::kEnd;
  if (line.ends_with('\r')) line.pop_back();
  return Got::kLine;
}

void LineReader::remember(const std::string& entry) {
  if (editor_) editor_->remember(entry);
}

Completion complete(std::string_view start, const std::vector<std::string>& words) {
  Completion out;
  for (const std::string& word : words) {
    if (!start.empty() && word.starts_with(start)) out.words.push_back(word);
  }
  std::ranges::sort(out.words);
  out.words.erase(std::ranges::unique(out.words).begin(), out.words.end());
  if (out.words.empty()) return out;
  // Of sorted words the first and the last differ earliest.
  const std::string& first = out.words.front();
  const std::string& last = out.words.back();
  auto same = std::ranges::mismatch(first, last).in1;
  out.more.assign(first.begin() + static_cast<ptrdiff_t>(start.size()), same);
  return out;
}

}  // namespace lictor::cli
