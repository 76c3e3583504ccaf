// Diagnostics: the one list of codes (diagnostics.def) and the collector every stage fills.
//
//   diags.report(Diag::kUnknownName, span).arg("maturty").hint("did you mean `maturity`?").related(span2, "declared here");
//
// The template of each code is in diagnostics.def: `{0}` is the first argument. A stage goes on after reporting.
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grammar/source.h"
#include "lictor/error.h"

namespace lictor {

enum class Diag : uint16_t {
#define LICTOR_DIAG(id, code, severity, text, help) id,
#include "grammar/diagnostics.def"
#undef LICTOR_DIAG
};

struct DiagInfo {
  std::string_view code;  // "E0312"
  Severity severity;
  std::string_view text;  // template with {0} {1} ...
  std::string_view help;  // one sentence: what to do, the hint where a report gives no better one
};

/// The help of a code without a case at hand: `NAME` stands where an argument would.
std::string general_help(const DiagInfo& entry);

const DiagInfo& info(Diag id);
std::vector<DiagInfo> all_diagnostics();

class Diagnostics {
 public:
  explicit Diagnostics(const SourceMap& sources, size_t limit = 1000) : sources_(&sources), limit_(limit) {}

  /// Builds one diagnostic; it is added when the builder dies. Arguments longer than 200 bytes are cut.
  class Builder {
   public:
    Builder(Diagnostics& owner, Diag id, Span span);
    ~Builder();
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;
    Builder& arg(std::string_view text);
    Builder& arg(int64_t number);
    /// What to do in this very case; it takes the place of the table's help.
    Builder& hint(std::string text);
    Builder& related(Span span, std::string message);

   private:
    Diagnostics& owner_;
    Diag id_;
    Span span_;
    std::vector<std::string> args_;
    std::vector<std::string> hints_;
    std::vector<std::pair<Span, std::string>> related_;
  };

  Builder report(Diag id, Span span) { return Builder(*this, id, span); }

  bool has_errors() const { return errors_ > 0; }
  size_t error_count() const { return errors_; }
  /// Is there an error inside of this span?
  bool has_error_in(Span span) const;
  /// Sorted by file, position, code; exact duplicates removed. Past `limit` only the count goes on.
  std::vector<Diagnostic> sorted() const;

  struct Entry {
    Diag id;
    Span span;
    Diagnostic diagnostic;
  };
  /// What was reported, apart from its collector.
  struct Found {
    std::vector<Entry> entries;
    size_t errors = 0;
  };
  /// Hands over everything reported so far; nothing is left.
  Found take();
  /// Reports it all again here.
  void add(const Found& found);

 private:
  friend class Builder;
  const SourceMap* sources_;
  size_t limit_;
  size_t errors_ = 0;
  std::vector<Entry> entries_;
};

/// The name among `known` that a typo of `name` most likely meant (edit distance at most a third of its length), or "".
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// clang's way: `file:line:col: error: message [E0312]`, the line, a caret line, hints, related places.
/// `color`: ANSI escapes. The text ends with a newline.
std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool color);

}  // namespace lictor
