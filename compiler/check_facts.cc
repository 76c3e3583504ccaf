// Rows and instances become Datums in column order. A list in a row stands for one row per element, unless the column
// holds lists or sets itself; several lists stand for all combinations.
#include "compiler/check_facts.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/literals.h"

namespace lictor {
namespace {

constexpr size_t kMostExpanded = 1'000'000;  // rows that one written row may stand for

/// By field, the written value that fills it, or null.
std::vector<const ast::Expr*> place(CheckContext& context, const std::vector<FieldDecl>& fields, size_t first,
                                    const std::vector<ast::Expr>& values, const std::vector<ast::Name>& names,
                                    const std::string& owner, std::string_view kind, Span span) {
  std::vector<const ast::Expr*> out(fields.size());
  size_t next = 0;
  for (size_t i = first; i < values.size(); ++i) {
    size_t at = next;
    if (names[i].text.empty()) {
      if (next++ >= fields.size()) {
        context.report(Diag::kArity, span)
            .arg(owner)
            .arg(count_of(fields.size(), "value"))
            .arg(std::to_string(values.size() - first));
        return out;
      }
    } else {
      auto it = std::find_if(fields.begin(), fields.end(), [&](const FieldDecl& f) { return f.name == names[i].text; });
      if (it == fields.end()) {
        std::vector<std::string> known;
        for (const FieldDecl& field : fields) known.push_back(field.name);
        auto report = context.report(Diag::kUnknownMember, names[i].span);
        report.arg("`" + owner + "`").arg(kind).arg(names[i].text);
        if (std::string hint = context.names.suggest(names[i].text, known); !hint.empty()) report.hint(hint);
        continue;
      }
      at = static_cast<size_t>(it - fields.begin());
      context.note(names[i].span, it->span, RefKind::kField, it->type);
    }
    if (out[at] != nullptr) {
      context.report(Diag::kArgumentTwice, values[i].span).arg(fields[at].name).related(out[at]->span, "the other one");
    }
    out[at] = &values[i];
  }
  return out;
}

/// The value of a field that was left out, or nothing after a report.
std::optional<Datum> left_out(CheckContext& context, const FieldDecl& field, const std::string& owner, Span span) {
  if (field.default_value) return field.default_value;
  if (context.types().kind(field.type) == TypeKind::kOptional) {
    Datum none;
    none.type = field.type;
    none.none = true;
    return none;
  }
  context.report(Diag::kMissingArgument, span)
      .arg("`" + owner + "`")
      .arg("`" + field.name + "`")
      .related(field.span, "declared here without a default");
  return std::nullopt;
}

bool expands(const CheckContext& context, const ast::Expr& value, TypeId type) {
  const TypeTable& types = context.program.schema.types;
  TypeKind kind = types.kind(unwrap(types, type));
  return value.kind == ast::ExprKind::kList && kind != TypeKind::kList && kind != TypeKind::kSet;
}

/// Entities that are named but do not exist. In tests the runner checks this: instances may be given later.
bool check_entities(CheckContext& context, const Datum& value, Span span) {
  if (uint32_t entity = entity_of(context.schema(), value); entity != kNoIndex) {
    if (known_instance(context, entity, value.text)) return true;
    const DeclInfo& info = context.schema().entities[entity].info;
    context.report(Diag::kUnknownInstance, span)
        .arg(info.name)
        .arg(quote(value.text))
        .related(info.span, "its instances stand here");
    return false;
  }
  bool ok = true;
  for (const Datum& item : value.items) ok = ok && check_entities(context, item, span);
  return ok;
}

/// The possible values of one column of a written row.
std::vector<Datum> alternatives(CheckContext& context, uint32_t module, const FieldDecl& column,
                                const ast::Expr* written, const std::string& owner, Span span, bool in_test) {
  std::vector<Datum> out;
  if (written == nullptr) {
    if (std::optional<Datum> value = left_out(context, column, owner, span)) out.push_back(std::move(*value));
    return out;
  }
  auto add = [&](const ast::Expr& value) {
    // Data is data: where an entity is expected, a string is its id.
    std::optional<Datum> checked = check_constant(context, module, value, column.type, true);
    if (checked && (in_test || check_entities(context, *checked, value.span))) out.push_back(std::move(*checked));
  };
  if (!expands(context, *written, column.type)) {
    add(*written);
  } else {
    for (const ast::Expr& item : written->args) add(item);
  }
  return out;
}

}  // namespace

std::vector<FactRow> check_row(CheckContext& context, uint32_t module, uint32_t relation,
                               const std::vector<ast::Expr>& values, const std::vector<ast::Name>& names, Span span,
                               bool in_test) {
  const RelationDecl decl = context.schema().relations[relation];
  std::vector<FieldDecl> columns = decl.columns;
  if (decl.is_event) {  // its number comes with the facts, and its time has no place
    columns.pop_back();
    columns.back().default_value = Datum{kTimeType, false, kTimeOfTest, {}, {}};
    auto placed = std::ranges::count(names, std::string(), &ast::Name::text);
    if (static_cast<size_t>(placed) > decl.written()) {
      context.report(Diag::kArity, span)
          .arg(decl.info.name)
          .arg(count_of(decl.written(), "value"))
          .arg(std::to_string(values.size()))
          .related(decl.info.span, "declared here");
      return {};
    }
  }
  auto written = place(context, columns, 0, values, names, decl.info.name, "column", span);
  std::vector<FactRow> rows(1);
  rows[0].span = span;
  for (size_t i = 0; i < columns.size(); ++i) {
    std::vector<Datum> choices = alternatives(context, module, columns[i], written[i], decl.info.name, span, in_test);
    if (rows.size() * choices.size() > kMostExpanded) {
      context.report(Diag::kLetTooLarge, span).arg(decl.info.name).arg(static_cast<int64_t>(kMostExpanded)).arg("rows");
      return {};
    }
    if (choices.size() == 1) {
      for (FactRow& row : rows) row.values.push_back(choices[0]);
      continue;
    }
    std::vector<FactRow> wider;
    for (const FactRow& row : rows) {
      for (const Datum& choice : choices) {
        wider.push_back(row);
        wider.back().values.push_back(choice);
      }
    }
    rows = std::move(wider);
  }
  for (FactRow& row : rows) {
    if (decl.is_event) row.values.push_back(Datum{kIntType, false, 0, {}, {}});
  }
  return rows;
}

std::optional<InstanceFact> check_instance(CheckContext& context, uint32_t module, uint32_t entity,
                                           const std::vector<ast::Expr>& values, const std::vector<ast::Name>& names,
                                           const std::vector<ast::Expr>& parents, Span span, bool in_test) {
  const EntityDecl decl = context.schema().entities[entity];
  if (values.empty() || !names[0].text.empty() || values[0].kind != ast::ExprKind::kString) {
    context.report(Diag::kMissingArgument, span)
        .arg("an instance of `" + decl.info.name + "`")
        .arg("its id, a string, in the first place");
    return std::nullopt;
  }
  InstanceFact out;
  out.span = span;
  std::optional<Datum> id = check_constant(context, module, values[0], kStringType);
  bool ok = id.has_value();
  if (ok) out.id = id->text;
  auto written = place(context, decl.attributes, 1, values, names, decl.info.name, "attribute", span);
  for (size_t i = 0; i < decl.attributes.size(); ++i) {
    const FieldDecl& field = decl.attributes[i];
    std::optional<Datum> value = written[i] == nullptr ? left_out(context, field, decl.info.name, span)
                                                       : check_constant(context, module, *written[i], field.type, true);
    if (value && written[i] != nullptr && !in_test) check_entities(context, *value, written[i]->span);
    ok = ok && value.has_value();
    out.attributes.push_back(value.value_or(Datum{}));
  }
  for (const ast::Expr& parent : parents) {
    TypeId expected = decl.parents.size() == 1 ? context.types().entity_type(decl.parents[0]) : kErrorType;
    std::optional<Datum> group = check_constant(context, module, parent, expected, true);
    if (!group) {
      ok = false;
      continue;
    }
    const Type type = context.types()[group->type];
    bool allowed = type.kind == TypeKind::kEntity &&
                   std::find(decl.parents.begin(), decl.parents.end(), type.decl) != decl.parents.end();
    if (allowed) {
      if (!in_test) check_entities(context, *group, parent.span);
      out.parents.push_back(std::move(*group));
      continue;
    }
    context.report(Diag::kBadType, parent.span)
        .arg("`" + decl.info.name + "`")
        .arg("in a `" + type_name(context.schema(), group->type) + "`")
        .related(decl.info.span, "declared here");
    ok = false;
  }
  return ok ? std::optional<InstanceFact>(std::move(out)) : std::nullopt;
}

namespace {

class FactChecker {
 public:
  explicit FactChecker(CheckContext& context) : cx_(context) {}

  void run() {
    cx_.program.rows.resize(cx_.schema().relations.size());
    cx_.program.instances.resize(cx_.schema().entities.size());
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) {
      for (const ast::Entity& entity : cx_.modules[m].entities) instances(m, entity);
      for (const ast::Relation& relation : cx_.modules[m].relations) rows(m, relation);
    }
  }

 private:
  void instances(uint32_t m, const ast::Entity& source) {
    const Symbol* symbol = cx_.names.find(m, source.head.name.text);
    if (!source.rows || symbol == nullptr || symbol->span != source.head.name.span) return;
    std::unordered_map<std::string, Span> seen;
    for (const ast::Row& row : source.rows->rows) {
      auto fact = check_instance(cx_, m, symbol->index, row.values, row.names, row.parents, row.span, false);
      if (!fact) continue;
      auto [it, fresh] = seen.emplace(fact->id, row.span);
      if (!fresh) {
        cx_.report(Diag::kDuplicateInstance, row.span)
            .arg("`" + quote(fact->id) + "`")
            .related(it->second, "the other one");
        continue;
      }
      cx_.program.instances[symbol->index].push_back(std::move(*fact));
    }
  }

  void rows(uint32_t m, const ast::Relation& source) {
    const Symbol* symbol = cx_.names.find(m, source.head.name.text);
    if (!source.rows || symbol == nullptr || symbol->span != source.head.name.span) return;
    const RelationDecl& decl = cx_.schema().relations[symbol->index];
    std::unordered_map<std::string, size_t> seen;  // by key, in `kept`
    std::vector<FactRow>& kept = cx_.program.rows[symbol->index];
    for (const ast::Row& row : source.rows->rows) {
      for (FactRow& fact : check_row(cx_, m, symbol->index, row.values, row.names, row.span, false)) {
        if (fact.values.size() != decl.columns.size()) continue;
        auto [it, fresh] = seen.emplace(key_text(decl, fact), kept.size());
        if (fresh) {
          kept.push_back(std::move(fact));
        } else if (kept[it->second].values != fact.values) {
          cx_.report(Diag::kDuplicateRow, row.span)
              .arg(decl.info.name)
              .arg("`" + key_shown(decl, fact) + "`")
              .related(kept[it->second].span, "the other one");
        }
      }
    }
  }

  /// What makes a row distinct: its key, or all of it.
  std::string key_text(const RelationDecl& decl, const FactRow& row) {
    std::string out;
    for (uint32_t i = 0; i < row.values.size(); ++i) {
      bool part = decl.key.empty() || std::find(decl.key.begin(), decl.key.end(), i) != decl.key.end();
      if (part) out += show_source(cx_.schema(), row.values[i]) + '\0';
    }
    return out;
  }

  std::string key_shown(const RelationDecl& decl, const FactRow& row) {
    std::string out;
    for (uint32_t i : decl.key) out += (out.empty() ? "" : ", ") + show_source(cx_.schema(), row.values[i]);
    return out;
  }

  CheckContext& cx_;
};

}  // namespace

void check_facts(CheckContext& context) { FactChecker(context).run(); }

}  // namespace lictor
