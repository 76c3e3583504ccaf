// Quick fixes: what a diagnostic's hint says to write is written.
#include <fmt/format.h>

#include <algorithm>

#include "lsp/features/cursor.h"
#include "lsp/features/features.h"
#include "lsp/features/visible.h"

namespace lictor::lsp {
namespace {

/// Hints that name what should stand in place of what stands there.
constexpr std::string_view kReplacing[] = {
    "did you mean `",        "negation is written `",     "the remainder is written `", "a missing value is written `",
    "comments begin with `", "conditions are joined by `"};

/// What stands between the back-quotes behind one of those beginnings, or "".
std::string replacement(std::string_view hint) {
  for (std::string_view start : kReplacing) {
    if (!hint.starts_with(start)) continue;
    hint.remove_prefix(start.size());
    return std::string(hint.substr(0, hint.find('`')));
  }
  return {};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

struct Edit {
  Span span;
  std::string text;
  std::string title;
};

class Fixer {
 public:
  Fixer(const FeatureContext& context, const View& view, uint32_t file)
      : context_(context), view_(view), file_(file), text_(view.analysis.sources->file(file).text()) {}

  std::vector<Edit> fixes(const Diagnostic& diagnostic) {
    const SourceFile& source = view_.analysis.sources->file(file_);
    const Place& place = diagnostic.place;
    Span span{file_, source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)};
    std::vector<Edit> out;
    for (const std::string& hint : diagnostic.hints) {
      if (std::string text = replacement(hint); !text.empty()) replace(span, hint, text, out);
      if (hint.starts_with("write `?.")) safe_dot(span, out);
      if (hint.starts_with("write `.")) plain_dot(span, out);
    }
    if (diagnostic.code == info(Diag::kUnknownName).code) imports(span, out);
    return out;
  }

 private:
  /// Where the path that begins there ends; a dot that ends a clause is no part of it.
  uint32_t path_end(uint32_t begin) const {
    uint32_t end = begin;
    while (end < text_.size() && is_word(text_[end])) ++end;
    while (end > begin && text_[end - 1] == '.') --end;
    return end;
  }

  /// The place of a hint is the wrong word, or begins with it: "maturty(r.agent, x)".
  void replace(Span span, const std::string& hint, const std::string& text, std::vector<Edit>& out) {
    bool word = span.begin < text_.size() && is_word(text_[span.begin]);
    if (word && hint.starts_with("did you mean")) {
      uint32_t end = path_end(span.begin);
      span.end = end;
      // A path's last name alone was wrong where the suggestion has no dot.
      std::string_view old = text_.substr(span.begin, end - span.begin);
      if (size_t dot = old.rfind('.'); dot != std::string_view::npos && text.find('.') == std::string::npos)
        span.begin += static_cast<uint32_t>(dot) + 1;
    }
    if (span.begin == span.end) return;
    bool glued = !text.empty() && is_word(text.back()) && span.end < text_.size() && text_[span.end] != '.' &&
                 is_word(text_[span.end]);
    out.push_back({span, text + (glued ? " " : ""), fmt::format("Write `{}`", text)});
  }

  void safe_dot(Span span, std::vector<Edit>& out) {
    if (span.end < text_.size() && text_[span.end] == '.')
      out.push_back({{file_, span.end, span.end}, "?", "Write `?.`"});
  }

  void plain_dot(Span span, std::vector<Edit>& out) {
    if (span.begin >= 2 && text_.substr(span.begin - 2, 2) == "?.")
      out.push_back({{file_, span.begin - 2, span.begin - 1}, "", "Write `.`"});
  }

  /// Other modules that declare the unknown name.
  void imports(Span span, std::vector<Edit>& out) {
    uint32_t end = path_end(span.begin);
    std::string name(text_.substr(span.begin, end - span.begin));
    if (name.empty() || name.find('.') != std::string::npos) return;
    const ast::Module& here = view_.analysis.modules[file_];
    std::vector<std::string> modules = view_.library(context_.options);
    for (const ast::Module& module : view_.analysis.modules) modules.push_back(path_text(module.name));
    std::ranges::sort(modules);
    modules.erase(std::ranges::unique(modules).begin(), modules.end());
    for (const std::string& module : modules) {
      if (module.empty() || module == path_text(here.name)) continue;
      std::vector<VisibleName> names = exported(view_, module, context_.options);
      if (std::ranges::find(names, name, &VisibleName::text) != names.end()) out.push_back(import(here, module, name));
    }
  }

  Edit import(const ast::Module& here, const std::string& module, const std::string& name) {
    std::string title = fmt::format("Import `{}` from `{}`", name, module);
    uint32_t behind = here.name.span.valid() ? here.name.span.end : 0;
    for (const ast::Use& use : here.uses) {
      if (path_text(use.module) == module && !use.names.empty()) {
        uint32_t at = use.names.back().span.end;
        return {{file_, at, at}, ", " + name, title};
      }
      behind = std::max(behind, use.span.end);
    }
    return {{file_, behind, behind}, fmt::format("\nuse {} ({})", module, name), title};
  }

  const FeatureContext& context_;
  const View& view_;
  uint32_t file_;
  std::string_view text_;
};

bool wanted(const json& params) {
  auto around = params.find("context");
  if (around == params.end() || !around->contains("only")) return true;
  return std::ranges::any_of((*around)["only"], [](const json& kind) { return kind == "quickfix" || kind == ""; });
}

}  // namespace

Answer code_actions(const FeatureContext& context, const json& params) {
  std::string uri = uri_from(params);
  Range range = range_from(params.at("range"));
  std::shared_ptr<const View> view = context.workspace.view_of(uri);
  json out = json::array();
  if (!view || !wanted(params)) return out;
  auto file = view->files.find(Workspace::key_of(uri));
  if (file == view->files.end()) return out;  // lictor.toml
  Places places(context.workspace, *view);
  Fixer fixer(context, *view, file->second);
  for (const Diagnostic& diagnostic : view->analysis.diagnostics) {
    if (diagnostic.place.file != file->first) continue;
    Range here = places.range(file->second, diagnostic.place);
    if (here.end < range.start || range.end < here.start) continue;
    for (const Edit& edit : fixer.fixes(diagnostic)) {
      json change = {{"range", to_json(places.range(edit.span))}, {"newText", edit.text}};
      std::map<std::string, json> edits;
      edits[file->first] = json::array({std::move(change)});
      out.push_back({{"title", edit.title},
                     {"kind", "quickfix"},
                     {"diagnostics", json::array({diagnostic_json(context, *view, diagnostic, file->second)})},
                     {"edit", workspace_edit(context, std::move(edits))}});
    }
  }
  return out;
}

}  // namespace lictor::lsp
