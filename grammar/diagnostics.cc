// Collecting diagnostics: a template from the one table, its arguments cut to a size, and a place computed at once, so
// that a finished Diagnostic no longer needs the sources.
#include "grammar/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "grammar/text_check.h"

namespace lictor {
namespace {

constexpr DiagInfo kTable[] = {
#define LICTOR_DIAG(id, code, severity, text, help) DiagInfo{code, severity, text, help},
#include "grammar/diagnostics.def"
#undef LICTOR_DIAG
};

constexpr size_t kLongestArgument = 200;
constexpr size_t kLongestMessage = 1024;

/// Cuts at a border between characters and says so.
std::string cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string(text);
  size_t end = limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string fill(std::string_view text, const std::vector<std::string>& args) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    bool hole = i + 2 < text.size() && text[i] == '{' && text[i + 1] >= '0' && text[i + 1] <= '9' && text[i + 2] == '}';
    if (!hole) {
      out += text[i];
      continue;
    }
    auto index = static_cast<size_t>(text[i + 1] - '0');
    if (index < args.size()) out += args[index];
    i += 2;
  }
  return cut(out, kLongestMessage);
}

/// A sentence of the table as a hint: without its capital and its dot.
std::string as_hint(std::string text) {
  bool capital = text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && (text[1] < 'A' || text[1] > 'Z');
  if (capital && !text.starts_with("Lictor")) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  if (text.ends_with('.')) text.pop_back();
  return text;
}

auto order(const Diagnostic& d, Span span) {
  return std::tuple(span.file, span.begin, span.end, std::string_view(d.code), std::string_view(d.message));
}

/// That there are more mistakes than are kept is kept too, unless nothing is.
bool has_room(size_t kept, size_t limit, Diag id) { return kept < limit || (limit > 0 && id == Diag::kTooManyErrors); }

}  // namespace

std::string general_help(const DiagInfo& entry) { return fill(entry.help, std::vector<std::string>(10, "NAME")); }

const DiagInfo& info(Diag id) { return kTable[static_cast<size_t>(id)]; }

std::vector<DiagInfo> all_diagnostics() { return {std::begin(kTable), std::end(kTable)}; }

Diagnostics::Builder::Builder(Diagnostics& owner, Diag id, Span span) : owner_(owner), id_(id), span_(span) {}

Diagnostics::Builder& Diagnostics::Builder::arg(std::string_view text) {
  args_.push_back(cut(printable(text), kLongestArgument));
  return *this;
}

Diagnostics::Builder& Diagnostics::Builder::arg(int64_t number) {
  args_.push_back(std::to_string(number));
  return *this;
}

Diagnostics::Builder& Diagnostics::Builder::hint(std::string text) {
  hints_.push_back(cut(printable(text), kLongestMessage));
  return *this;
}

Diagnostics::Builder& Diagnostics::Builder::related(Span span, std::string message) {
  related_.emplace_back(span, cut(printable(message), kLongestMessage));
  return *this;
}

Diagnostics::Builder::~Builder() {
  const DiagInfo& entry = info(id_);
  if (entry.severity == Severity::kError) ++owner_.errors_;
  if (!has_room(owner_.entries_.size(), owner_.limit_, id_)) return;
  Diagnostic diagnostic;
  diagnostic.code = entry.code;
  diagnostic.severity = entry.severity;
  diagnostic.message = fill(entry.text, args_);
  diagnostic.place = owner_.sources_->place(span_);
  diagnostic.hints = std::move(hints_);
  if (diagnostic.hints.empty()) diagnostic.hints.push_back(as_hint(fill(entry.help, args_)));
  for (auto& [span, message] : related_) {
    diagnostic.related.push_back({owner_.sources_->place(span), std::move(message)});
  }
  owner_.entries_.push_back({id_, span_, std::move(diagnostic)});
}

bool Diagnostics::has_error_in(Span span) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return info(entry.id).severity == Severity::kError && entry.span.file == span.file &&
           entry.span.begin >= span.begin && entry.span.end <= span.end;
  });
}

Diagnostics::Found Diagnostics::take() {
  Found out{std::move(entries_), errors_};
  entries_.clear();
  errors_ = 0;
  return out;
}

void Diagnostics::add(const Found& found) {
  errors_ += found.errors;
  for (const Entry& entry : found.entries) {
    if (has_room(entries_.size(), limit_, entry.id)) entries_.push_back(entry);
  }
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<const Entry*> entries;
  entries.reserve(entries_.size());
  for (const Entry& entry : entries_) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
    return order(a->diagnostic, a->span) < order(b->diagnostic, b->span);
  });
  auto same = [](const Entry* a, const Entry* b) {
    return order(a->diagnostic, a->span) == order(b->diagnostic, b->span);
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  std::vector<Diagnostic> out;
  out.reserve(entries.size());
  for (const Entry* entry : entries) out.push_back(entry->diagnostic);
  return out;
}

}  // namespace lictor
