// Outlines: the declarations of one file with their parts, and those of whole bundles by name.
#include <algorithm>

#include "compiler/names.h"
#include "lsp/features/features.h"
#include "lsp/features/places.h"

namespace lictor::lsp {
namespace {

/// Numbers of the protocol's SymbolKind.
enum Kind : int {
  kModule = 2,
  kClass = 5,
  kMethod = 6,
  kProperty = 7,
  kField = 8,
  kEnum = 10,
  kInterface = 11,
  kFunction = 12,
  kConstant = 14,
  kArray = 18,
  kEnumMember = 22,
  kStruct = 23,
  kEvent = 24,
};

struct Symbol {
  std::string name;
  const char* detail;
  Kind kind;
  Span whole;
  Span name_span;
  std::vector<Symbol> parts = {};
};

Symbol symbol(const ast::Head& head, const char* detail, Kind kind) {
  return {head.name.text, detail, kind, head.span, head.name.span};
}

std::vector<Symbol> fields(const std::vector<ast::Field>& list, const char* detail, Kind kind) {
  std::vector<Symbol> out;
  for (const ast::Field& field : list) out.push_back({field.name.text, detail, kind, field.span, field.name.span});
  return out;
}

Symbol with(Symbol symbol, std::vector<Symbol> parts) {
  symbol.parts = std::move(parts);
  return symbol;
}

std::vector<Symbol> symbols_of(const ast::Module& module) {
  std::vector<Symbol> out;
  for (const auto& d : module.params) out.push_back(symbol(d.head, "param", kConstant));
  for (const auto& d : module.aliases) out.push_back(symbol(d.head, "type", kClass));
  for (const auto& d : module.lets) out.push_back(symbol(d.head, "let", kFunction));
  for (const auto& d : module.rules) out.push_back(symbol(d.head, "rule", kFunction));
  for (const auto& d : module.fixtures) out.push_back(symbol(d.head, "fixture", kMethod));
  for (const auto& d : module.tests) out.push_back(symbol(d.head, "test", kMethod));
  for (const auto& d : module.events)
    out.push_back(with(symbol(d.head, "event", kEvent), fields(d.columns, "column", kField)));
  for (const auto& d : module.relations)
    out.push_back(with(symbol(d.head, "relation", kArray), fields(d.columns, "column", kField)));
  for (const auto& d : module.entities)
    out.push_back(with(symbol(d.head, "entity", kClass), fields(d.fields, "attribute", kProperty)));
  for (const auto& d : module.requests)
    out.push_back(with(symbol(d.head, "request", kInterface), fields(d.fields, "field", kProperty)));
  for (const auto& d : module.obligations)
    out.push_back(with(symbol(d.head, "obligation", kEvent), fields(d.params, "parameter", kField)));
  for (const auto& d : module.requirements)
    out.push_back(with(symbol(d.head, "requirement", kEvent), fields(d.params, "parameter", kField)));
  for (const auto& d : module.enums) {
    out.push_back(symbol(d.head, "enum", kEnum));
    for (const ast::EnumMember& member : d.members)
      out.back().parts.push_back({member.name.text, "member", kEnumMember, member.name.span, member.name.span});
  }
  for (const auto& d : module.decisions) {
    out.push_back(symbol(d.head, "decision", kStruct));
    for (const ast::Clause& clause : d.clauses) out.back().parts.push_back(symbol(clause.head, "clause", kMethod));
  }
  std::ranges::sort(out, {}, [](const Symbol& s) { return s.name_span.begin; });
  return out;
}

/// A name must not be empty, say the clients: a test without a title, a declaration that recovery cut short.
std::string shown(const std::string& name) { return name.empty() ? "(unnamed)" : name; }

json outline(const Symbol& symbol, Places& places) {
  json out = {{"name", shown(symbol.name)},
              {"detail", symbol.detail},
              {"kind", static_cast<int>(symbol.kind)},
              {"range", to_json(places.range(join(symbol.whole, symbol.name_span)))},
              {"selectionRange", to_json(places.range(symbol.name_span))}};
  if (symbol.parts.empty()) return out;
  json& children = out["children"] = json::array();
  for (const Symbol& part : symbol.parts) children.push_back(outline(part, places));
  return out;
}

void flat(const Symbol& symbol, const std::string& container, const std::string& uri, Places& places, json& out) {
  out.push_back({{"name", shown(symbol.name)},
                 {"kind", static_cast<int>(symbol.kind)},
                 {"containerName", container},
                 {"location", {{"uri", uri}, {"range", to_json(places.range(symbol.name_span))}}}});
  for (const Symbol& part : symbol.parts) flat(part, symbol.name, uri, places, out);
}

/// Do the letters of `query` stand in `name`, in order, in any case?
bool matches(std::string_view name, std::string_view query) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  size_t at = 0;
  for (char c : name) {
    if (at < query.size() && lower(c) == lower(query[at])) ++at;
  }
  return at == query.size();
}

constexpr size_t kMostMatches = 1000;

void search(const std::vector<Symbol>& symbols, const std::string& container, const std::string& query,
            const std::string& uri, Places& places, json& out) {
  for (const Symbol& symbol : symbols) {
    if (out.size() >= kMostMatches) return;
    if (matches(symbol.name, query)) {
      out.push_back({{"name", shown(symbol.name)},
                     {"kind", static_cast<int>(symbol.kind)},
                     {"containerName", container},
                     {"location", {{"uri", uri}, {"range", to_json(places.range(symbol.name_span))}}}});
    }
    search(symbol.parts, container + "." + symbol.name, query, uri, places, out);
  }
}

}  // namespace

Answer document_symbols(const FeatureContext& context, const json& params) {
  std::string uri = uri_from(params);
  std::shared_ptr<const View> view = context.workspace.view_of(uri);
  if (!view) return std::unexpected(RpcError{ErrorCode::kInvalidParams, "the document is not open"});
  json out = json::array();
  auto file = view->files.find(Workspace::key_of(uri));
  if (file == view->files.end()) return out;
  Places places(context.workspace, *view);
  static const json::json_pointer kTree("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
  bool tree = context.client.value(kTree, false);
  for (const Symbol& symbol : symbols_of(view->analysis.modules[file->second])) {
    if (tree)
      out.push_back(outline(symbol, places));
    else
      flat(symbol, path_text(view->analysis.modules[file->second].name), uri, places, out);
  }
  return out;
}

Answer workspace_symbols(const FeatureContext& context, const json& params) {
  std::string query = params.at("query").get<std::string>();
  context.workspace.open_folders();
  json out = json::array();
  for (const auto& [home, bundle] : context.workspace.bundles()) {
    std::shared_ptr<const View> view = bundle->view(context.workspace.overlay());
    Places places(context.workspace, *view);
    for (uint32_t file = 0; file < view->own_files; ++file) {
      const ast::Module& module = view->analysis.modules[file];
      std::string key = view->analysis.sources->file(file).name();
      if (!context.workspace.is_home(*bundle, key)) continue;
      search(symbols_of(module), path_text(module.name), query, context.workspace.uri_of(key), places, out);
    }
  }
  return out;
}

}  // namespace lictor::lsp
