// Printing a diagnostic the way clang does: head line, source line, caret line, hints, related places.
//
// The caret line must stand under the characters whatever the terminal does with tabs and wide bytes: a tab of the
// source line is repeated as a tab, every other character takes one column (UTF-8 continuation bytes take none).
// Control and invisible characters of the source are shown as `?`, so that a policy cannot rule a terminal.
#include <algorithm>

#include "grammar/diagnostics.h"
#include "grammar/text_check.h"

namespace lictor {
namespace {

constexpr size_t kWidestLine = 160;  // bytes of a source line shown; longer lines are cut around the caret

struct Palette {
  const char* bold = "";
  const char* severity = "";
  const char* mark = "";
  const char* reset = "";
};

Palette palette(Severity severity, bool color) {
  if (!color) return {};
  const char* tone = severity == Severity::kError     ? "\033[1;31m"
                     : severity == Severity::kWarning ? "\033[1;35m"
                                                      : "\033[1;36m";
  return {"\033[1m", tone, "\033[1;32m", "\033[0m"};
}

const char* word(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

std::string head(const Place& place) {
  std::string out = printable(place.file);
  if (out.empty()) return out;
  if (place.line > 0) out += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  return out + ": ";
}

const SourceFile* find(const SourceMap& sources, const std::string& name) {
  for (uint32_t i = 0; i < sources.size(); ++i) {
    if (sources.file(i).name() == name) return &sources.file(i);
  }
  return nullptr;
}

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// The character at `at`, or `?` for one that would not show or would rule the terminal.
void append_visible(std::string& out, std::string_view line, size_t at) {
  auto byte = static_cast<unsigned char>(line[at]);
  if (byte < 0x80) {
    out += byte == '\t' || (byte >= 0x20 && byte != 0x7F) ? line[at] : '?';
    return;
  }
  CodePoint point = decode_utf8(line, at);
  if (point.length == 0 || is_invisible(point.value)) {
    out += '?';
  } else {
    out += line.substr(at, point.length);
  }
}

/// The source line and the caret line below it. Several lines: the first is shown, the mark runs to its end.
std::string excerpt(const Place& place, const SourceMap& sources, const Palette& tone) {
  const SourceFile* file = place.line > 0 ? find(sources, place.file) : nullptr;
  if (!file || place.line > file->line_count()) return "";
  std::string_view line = file->line(place.line);
  size_t begin = std::min<size_t>(place.column - 1, line.size());
  size_t end = place.end_line > place.line ? line.size() : std::min<size_t>(place.end_column - 1, line.size());
  size_t from = 0;
  if (line.size() > kWidestLine && begin > kWidestLine / 2) from = begin - kWidestLine / 2;
  while (from > 0 && continuation(line[from])) --from;
  size_t to = std::min(line.size(), from + kWidestLine);
  while (to < line.size() && continuation(line[to])) ++to;
  std::string shown = "  ", marks = "  ";
  for (size_t i = from; i < to; ++i) {
    auto byte = static_cast<unsigned char>(line[i]);
    if (continuation(line[i]) && i > from) continue;
    append_visible(shown, line, i);
    if (i < begin) marks += byte == '\t' ? '\t' : ' ';
    if (i == begin) marks += '^';
    if (i > begin && i < end) marks += '~';
  }
  if (begin >= to) marks += '^';
  bool goes_on = place.end_line > place.line;
  return shown + "\n" + tone.mark + marks + (goes_on ? "..." : "") + tone.reset + "\n";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool color) {
  Palette tone = palette(diagnostic.severity, color);
  std::string code = diagnostic.code.empty() ? "" : " [" + diagnostic.code + "]";
  std::string out = tone.bold + head(diagnostic.place) + tone.reset + tone.severity + word(diagnostic.severity) + ": " +
                    tone.reset + tone.bold + diagnostic.message + code + tone.reset + "\n";
  out += excerpt(diagnostic.place, sources, tone);
  for (const std::string& hint : diagnostic.hints)
    out += std::string("  ") + tone.mark + "hint: " + tone.reset + hint + "\n";
  for (const Related& related : diagnostic.related) {
    Palette quiet = palette(Severity::kNote, color);
    out += quiet.bold + head(related.place) + quiet.reset + quiet.severity + "note: " + quiet.reset + related.message +
           "\n";
    out += excerpt(related.place, sources, quiet);
  }
  return out;
}

}  // namespace lictor
