// Renaming: every place with the same target gets the new name. Before anything is answered the bundle is analysed with
// the new name in place: each name must still mean what it meant, and no mistake may have come up. So a name that is taken,
// or that would catch a variable, is refused with the reason.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "grammar/limits.h"
#include "lsp/features/cursor.h"
#include "lsp/features/features.h"

namespace lictor::lsp {
namespace {

constexpr std::string_view kReserved[] = {"true",   "false", "none", "not",  "in",   "or",   "exists",
                                          "forall", "some",  "if",   "then", "case", "else", "_"};

std::unexpected<RpcError> refuse(std::string why) {
  return std::unexpected(RpcError{ErrorCode::kRequestFailed, std::move(why)});
}

bool is_name(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || !letter(text[0]) || text.size() > Limits{}.identifier_bytes) return false;
  return std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The name that the cursor is on and that may be renamed, or why not.
std::expected<Cursor, RpcError> renamable(const FeatureContext& context, const json& params) {
  std::optional<Cursor> cursor = cursor_at(context, params);
  if (!cursor || cursor->reference == nullptr) return refuse("no name that could be renamed stands here");
  const Reference& reference = *cursor->reference;
  std::string name(cursor->view->analysis.sources->text(reference.span));
  if (reference.kind == RefKind::kBuiltin) return refuse(fmt::format("`{}` is built in", name));
  // An alias that `use` gave is a name like any other.
  bool module = reference.kind == RefKind::kModule &&
                reference.target == cursor->view->analysis.modules[reference.target.file].name.span;
  if (module) return refuse(fmt::format("`{}` is a module: modules keep their names", name));
  if (!cursor->view->in_bundle(reference.target.file))
    return refuse(fmt::format("`{}` is declared outside of this bundle", name));
  return std::move(*cursor);
}

/// The meaning of every name of a bundle, in order: the number of the first entry with the same target.
std::vector<uint64_t> meanings(const View& view) {
  const std::vector<Reference>& all = view.analysis.references->all();
  auto key = [](Span span) { return std::tuple(span.file, span.begin, span.end); };
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, uint64_t> first;
  std::vector<uint64_t> out;
  for (uint64_t i = 0; i < all.size(); ++i) {
    bool builtin = all[i].kind == RefKind::kBuiltin;
    out.push_back(builtin ? uint64_t{1} << 63 | all[i].target.begin
                          : first.emplace(key(all[i].target), i).first->second);
  }
  return out;
}

size_t errors(const View& view) {
  return static_cast<size_t>(std::ranges::count(view.analysis.diagnostics, Severity::kError, &Diagnostic::severity));
}

/// Why the names of `after` do not mean what those of `before` mean, or "".
std::string difference(const View& before, const View& after) {
  if (errors(after) > errors(before)) {
    for (const Diagnostic& found : after.analysis.diagnostics) {
      auto same = [&](const Diagnostic& old) { return old.code == found.code && old.place.line == found.place.line; };
      if (found.severity == Severity::kError && std::ranges::none_of(before.analysis.diagnostics, same))
        return fmt::format("{} ({}:{})", found.message, found.place.file, found.place.line);
    }
    return "it would be an error";
  }
  std::vector<uint64_t> old_meanings = meanings(before), new_meanings = meanings(after);
  auto [a, b] = std::ranges::mismatch(old_meanings, new_meanings);
  if (a == old_meanings.end() && b == new_meanings.end()) return "";
  size_t at = std::min(static_cast<size_t>(a - old_meanings.begin()), old_meanings.size() - 1);
  Place place = before.analysis.sources->place(before.analysis.references->all()[at].span);
  return fmt::format("a name would mean something else ({}:{})", place.file, place.line);
}

std::map<std::string, std::string> renamed_texts(const View& view, const std::vector<const Reference*>& places,
                                                 const std::string& name) {
  std::map<std::string, std::string> out;
  for (auto it = places.rbegin(); it != places.rend(); ++it) {
    const SourceFile& source = view.analysis.sources->file((*it)->span.file);
    auto text = out.try_emplace(source.name(), source.text()).first;
    text->second.replace((*it)->span.begin, (*it)->span.end - (*it)->span.begin, name);
  }
  return out;
}

}  // namespace

Answer prepare_rename(const FeatureContext& context, const json& params) {
  std::expected<Cursor, RpcError> cursor = renamable(context, params);
  if (!cursor) return std::unexpected(cursor.error());
  Places places(context.workspace, *cursor->view);
  return json{{"range", to_json(places.range(cursor->reference->span))},
              {"placeholder", std::string(cursor->view->analysis.sources->text(cursor->reference->span))}};
}

Answer rename(const FeatureContext& context, const json& params) {
  std::string name = params.at("newName").get<std::string>();
  std::expected<Cursor, RpcError> cursor = renamable(context, params);
  if (!cursor) return std::unexpected(cursor.error());
  if (!is_name(name)) return refuse(fmt::format("`{}` is not a name: letters, digits and `_`, no digit first", name));
  if (std::ranges::find(kReserved, name) != std::end(kReserved)) return refuse(fmt::format("`{}` is reserved", name));
  const View& view = *cursor->view;
  std::vector<const Reference*> places = same_target(view, *cursor->reference);

  Bundle* bundle = context.workspace.bundle_of(uri_from(params));
  std::shared_ptr<const View> after = bundle->view_with(context.workspace.overlay(), renamed_texts(view, places, name));
  if (std::string why = difference(view, *after); !why.empty())
    return refuse(fmt::format("`{}` cannot be the name: {}", name, why));

  Places ranges(context.workspace, view);
  std::map<std::string, json> edits;
  for (const Reference* place : places) {
    json& list = edits[view.analysis.sources->file(place->span.file).name()];
    list.push_back({{"range", to_json(ranges.range(place->span))}, {"newText", name}});
  }
  return workspace_edit(context, std::move(edits));
}

}  // namespace lictor::lsp
