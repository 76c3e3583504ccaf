// Completion: the word at the cursor is replaced by a placeholder, the bundle is analysed with it, and what the checker
// says about the placeholder (the type wanted there, the type before the dot) decides what is offered.
#include <algorithm>
#include <set>

#include "compiler/builtins.h"
#include "compiler/check.h"
#include "lsp/features/cursor.h"
#include "lsp/features/declarations.h"
#include "lsp/features/features.h"
#include "lsp/features/spot.h"
#include "lsp/features/visible.h"

namespace lictor::lsp {
namespace {

/// Numbers of the protocol's CompletionItemKind.
enum ItemKind : int {
  kItemFunction = 3,
  kItemField = 5,
  kItemVariable = 6,
  kItemClass = 7,
  kItemModule = 9,
  kItemProperty = 10,
  kItemEnum = 13,
  kItemKeyword = 14,
  kItemMember = 20,
  kItemConstant = 21,
  kItemStruct = 22,
  kItemEvent = 23,
};

ItemKind item_kind(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kParam:
      return kItemConstant;
    case SymbolKind::kEnum:
      return kItemEnum;
    case SymbolKind::kAlias:
    case SymbolKind::kEntity:
    case SymbolKind::kRequest:
      return kItemClass;
    case SymbolKind::kLet:
    case SymbolKind::kDecision:
    case SymbolKind::kBuiltin:
      return kItemFunction;
    case SymbolKind::kObligation:
    case SymbolKind::kRequirement:
      return kItemEvent;
    default:
      return kItemStruct;
  }
}

constexpr std::string_view kDeclarations[] = {
    "module",  "use",     "param",    "enum",         "type",        "entity",    "relation",
    "event",   "request", "let",      "obligation",   "requirement", "decision",  "test",
    "fixture", "private", "blocking", "constitution", "invariant",   "lifecycle", "watch"};
constexpr std::string_view kClauses[] = {"allow", "deny", "require", "override", "default", "yield"};
constexpr std::string_view kClauseParts[] = {"if", "then", "meanwhile"};
constexpr std::string_view kStatements[] = {"given", "at", "with", "expect", "cases", "for"};
constexpr std::string_view kExpectations[] = {"allow",  "deny",   "require", "reason", "then",
                                              "yields", "errors", "rows",    "refused"};
constexpr std::string_view kConditions[] = {"not", "exists", "forall", "some", "in", "or", "has", "granted", "within"};
constexpr std::string_view kValues[] = {"true", "false", "none", "now", "case", "mod"};
constexpr std::string_view kAggregates[] = {"count", "sum", "min", "max", "avg", "percentile", "collect"};
constexpr std::string_view kTypes[] = {"bool", "int",  "decimal", "string", "time",  "duration",
                                       "set",  "list", "map",     "record", "clock", "date",
                                       "ip",   "glob", "regex",   "digest", "float", "open"};

class Completer {
 public:
  Completer(const FeatureContext& context, Bundle& bundle, const Document& document, std::string key, uint32_t offset)
      : context_(context),
        bundle_(bundle),
        document_(document),
        key_(std::move(key)),
        spot_(spot_at(document.text(), offset)) {}

  json run() {
    if (spot_.in_text) return result();
    analyse();
    if (use_line()) return result();
    if (spot_.has_dot) {
      members();
      return result();
    }
    if (statement_start()) return result();
    if (inside(SyntaxKind::kType) || inside(SyntaxKind::kTypeArgs)) {
      types();
    } else if (inside(SyntaxKind::kParents)) {
      names({SymbolKind::kEntity});
    } else {
      arguments();
      values();
    }
    return result();
  }

 private:
  void analyse() {
    std::map<std::string, std::string> other;
    if (std::optional<Repaired> repaired = repair(document_.text(), spot_)) {
      around_ = std::move(repaired->around);
      hole_at_ = repaired->hole;
      other[key_] = std::move(repaired->text);
    }
    view_ = other.empty() ? bundle_.view(context_.workspace.overlay(), true)
                          : bundle_.view_with(context_.workspace.overlay(), other);
    file_ = view_->files.at(key_);
    hole_ = view_->analysis.references->hole();
  }

  bool inside(SyntaxKind kind) const { return std::ranges::find(around_, kind) != around_.end(); }
  const Schema& schema() const { return view_->analysis.program.schema; }

  // ---- Items --------------------------------------------------------------------------------------------------------

  /// `group`: those of a lower one come first.
  void add(std::string_view label, ItemKind kind, int group, std::string detail = {}, std::string doc = {}) {
    if (label.empty() || label == kHoleName || !labels_.emplace(label).second) return;
    json item = {{"label", label}, {"kind", static_cast<int>(kind)}, {"sortText", std::to_string(group)}};
    item["sortText"].get_ref<std::string&>() += std::string(label);
    if (!detail.empty()) item["detail"] = std::move(detail);
    if (!doc.empty()) item["documentation"] = {{"kind", "markdown"}, {"value", std::move(doc)}};
    items_.push_back(std::move(item));
  }

  template <class Words>
  void keywords(const Words& words, int group = 8) {
    for (std::string_view word : words) add(word, kItemKeyword, group);
  }

  json result() {
    Range range = document_.range(start_.value_or(spot_.begin), spot_.end, context_.workspace.encoding);
    for (json& item : items_) item["textEdit"] = {{"range", to_json(range)}, {"newText", item["label"]}};
    // An argument's name goes in with its colon.
    for (json& item : items_) {
      if (named_.contains(item["label"].get<std::string>()) && item["kind"] == kItemField)
        item["textEdit"]["newText"] = item["label"].get<std::string>() + ": ";
    }
    return {{"isIncomplete", false}, {"items", std::move(items_)}};
  }

  // ---- Where a declaration or a statement begins --------------------------------------------------------------------

  bool use_line() {
    std::string_view line = spot_.line;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with("use ")) return false;
    size_t bracket = line.find('(');
    std::string_view path = line.substr(4, bracket == std::string_view::npos ? bracket : bracket - 4);
    while (!path.empty() && path.back() == ' ') path.remove_suffix(1);
    if (bracket == std::string_view::npos) {
      start_ = spot_.begin - static_cast<uint32_t>(line.size() - 4);
      for (const ast::Module& module : view_->analysis.modules) add(path_text(module.name), kItemModule, 0);
      for (const std::string& module : view_->library(context_.options)) add(module, kItemModule, 0);
      return true;
    }
    for (const VisibleName& name : exported(*view_, std::string(path), context_.options))
      add(name.text, item_kind(name.kind), 0, std::string(describe(name.kind)));
    return true;
  }

  bool statement_start() {
    bool top = spot_.open.empty();
    bool block = spot_.open.size() == 1 && spot_.open[0].bracket == '{';
    bool opens = spot_.before == '{' || spot_.before == '.' || spot_.before == '}';
    bool head = around_.size() >= 2 && around_[around_.size() - 2] == SyntaxKind::kRuleDecl;
    if (top && spot_.first && (opens || around_.empty() || head)) {
      keywords(kDeclarations);
      for (const VisibleName& name : visible(*view_, file_)) {
        if (name.kind == SymbolKind::kRelation) add(name.text, kItemStruct, 5, "a relation");
      }
      return true;
    }
    if (block && spot_.open[0].declaration == "decision" && (opens || (spot_.first && spot_.before == '"'))) {
      keywords(kClauses);
      if (!opens) keywords(kClauseParts);
      return true;
    }
    if (block && in_test() && (opens || spot_.first)) {
      keywords(kStatements);
      keywords(kExpectations, 9);
      return true;
    }
    return false;
  }

  // ---- Behind a dot -------------------------------------------------------------------------------------------------

  void fields(const std::vector<FieldDecl>& list, ItemKind kind) {
    for (const FieldDecl& field : list) add(field.name, kind, 0, type_name(schema(), field.type));
  }

  void members() {
    const TypeTable& types = schema().types;
    TypeId owner = unwrap(types, hole_.owner);
    switch (types.kind(owner)) {
      case TypeKind::kEntity:
        fields(schema().entities[types[owner].decl].attributes, kItemProperty);
        add("id", kItemProperty, 1, "string");
        return;
      case TypeKind::kRequest:
        return fields(schema().requests[types[owner].decl].fields, kItemProperty);
      case TypeKind::kRecord:
        return fields(schema().records[types[owner].decl].fields, kItemProperty);
      case TypeKind::kEnum:
        return enum_members(owner);
      default:
        break;
    }
    if (std::string module = module_of_prefix(*view_, file_, spot_.path); !module.empty()) {
      for (const VisibleName& name : exported(*view_, module, context_.options))
        add(name.text, item_kind(name.kind), 0, std::string(describe(name.kind)));
    }
  }

  void enum_members(TypeId type) {
    const EnumDecl& decl = schema().enums[schema().types[type].decl];
    for (const EnumMemberDecl& member : decl.members) add(member.name, kItemMember, 0, decl.info.name);
  }

  // ---- Values -------------------------------------------------------------------------------------------------------

  void types() {
    for (const VisibleName& name : visible(*view_, file_)) {
      bool type = name.kind == SymbolKind::kEnum || name.kind == SymbolKind::kEntity ||
                  name.kind == SymbolKind::kAlias || name.kind == SymbolKind::kRequest;
      if (type) add(name.text, item_kind(name.kind), 1, std::string(describe(name.kind)));
    }
    keywords(kTypes, 2);
  }

  void names(const std::set<SymbolKind>& kinds) {
    for (const VisibleName& name : visible(*view_, file_)) {
      if (kinds.empty() || kinds.contains(name.kind))
        add(name.text, item_kind(name.kind), 4, std::string(describe(name.kind)), name.doc);
    }
  }

  /// The names of what the innermost call takes.
  void arguments() {
    bool place =
        !spot_.open.empty() && spot_.open.back().bracket == '(' && (spot_.before == '(' || spot_.before == ',');
    if (!place) return;
    for (const FieldDecl& field : parameters_of(*view_, file_, spot_.open.back().word)) {
      add(field.name, kItemField, 2, type_name(schema(), field.type));
      named_.insert(field.name);
    }
  }

  bool in_test() const {
    return !spot_.open.empty() && (spot_.open[0].declaration == "test" || spot_.open[0].declaration == "fixture");
  }

  void values() {
    TypeId wanted = unwrap(schema().types, hole_.expected);
    if (schema().types.kind(wanted) == TypeKind::kEnum) enum_members(wanted);
    if (TypeId owner = unwrap(schema().types, hole_.owner); schema().types.kind(owner) == TypeKind::kRecord) {
      const auto& list = schema().records[schema().types[owner].decl].fields;
      fields(list, kItemField);
      for (const FieldDecl& field : list) named_.insert(field.name);
    }
    if (wanted == kBoolType) keywords(std::to_array<std::string_view>({"true", "false"}), 1);
    for (const VisibleVariable& variable : variables_around(*view_, file_, hole_at_))
      add(variable.name, kItemVariable, 1, variable.type == kErrorType ? "" : type_name(schema(), variable.type));
    if (inside(SyntaxKind::kEffects)) return names({SymbolKind::kObligation});
    if (inside(SyntaxKind::kExpect) && spot_.open.size() <= 1) names({SymbolKind::kDecision});
    if (inside(SyntaxKind::kGiven) && spot_.open.size() <= 1) names({SymbolKind::kFixture});
    if (inside(SyntaxKind::kWith) && spot_.before != '=') return names({SymbolKind::kParam});
    names({SymbolKind::kParam, SymbolKind::kEntity, SymbolKind::kRelation, SymbolKind::kLet, SymbolKind::kEnum,
           SymbolKind::kRequirement, SymbolKind::kBuiltin});
    for (const std::string& prefix : prefixes(*view_, file_)) add(prefix, kItemModule, 5);
    for (const Builtin& row : builtins()) {
      if (row.module.empty()) add(row.name, kItemFunction, 6, builtin_signature(schema(), row), std::string(row.doc));
    }
    if (in_test()) return keywords(kExpectations, 7);
    if (!spot_.open.empty() && spot_.open[0].declaration == "decision") keywords(kClauseParts, 7);
    keywords(kConditions);
    keywords(kValues);
    keywords(kAggregates);
  }

  const FeatureContext& context_;
  Bundle& bundle_;
  const Document& document_;
  std::string key_;
  Spot spot_;
  std::shared_ptr<const View> view_;
  uint32_t file_ = 0;
  uint32_t hole_at_ = 0;
  Hole hole_;
  std::vector<SyntaxKind> around_;
  std::optional<uint32_t> start_;  // of what is replaced, where that is more than the word
  std::set<std::string, std::less<>> labels_, named_;
  json items_ = json::array();
};

}  // namespace

Answer completion(const FeatureContext& context, const json& params) {
  std::string uri = uri_from(params);
  Position position = position_from(params.at("position"));
  Bundle* bundle = context.workspace.bundle_of(uri);
  const Document* document = context.workspace.find(uri);
  if (bundle == nullptr || uri.ends_with("lictor.toml")) return nullptr;
  auto offset = static_cast<uint32_t>(document->offset(position, context.workspace.encoding));
  return Completer(context, *bundle, *document, Workspace::key_of(uri), offset).run();
}

}  // namespace lictor::lsp
