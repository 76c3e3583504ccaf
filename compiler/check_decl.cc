// Declarations: types of fields and columns, enum members, entity parents, sources, parameters' values.
#include <algorithm>
#include <unordered_set>

#include "compiler/check.h"

namespace lictor {
namespace {

constexpr std::string_view kAnnotations[] = {"id",    "title",      "owner",  "severity",  "weight", "tags",
                                             "since", "deprecated", "source", "sensitive", "mode",   "priority"};

class Declarations {
 public:
  explicit Declarations(CheckContext& context) : cx_(context) {}

  void run() {
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) enums(m);
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) instance_ids(m);
    for (uint32_t alias = 0; alias < cx_.names.aliases().size(); ++alias) resolve_alias(cx_, alias);
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) {
      parents(m);
      not_yet(m);
    }
    hierarchy();
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) {
      entities(m);
      requests(m);
      signatures(m);
      relations(m);
      events(m);
    }
    // Constants come when it is known which entity types are closed, also in modules further down.
    check_record_defaults(cx_);
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) {
      const ast::Module& module = cx_.modules[m];
      defaults(m, module.entities, cx_.schema().entities, &ast::Entity::fields, &EntityDecl::attributes);
      defaults(m, module.requests, cx_.schema().requests, &ast::Request::fields, &RequestDecl::fields);
      defaults(m, module.obligations, cx_.schema().obligations, &ast::Signature::params, &SignatureDecl::params);
      defaults(m, module.requirements, cx_.schema().requirements, &ast::Signature::params, &SignatureDecl::params);
      defaults(m, module.relations, cx_.schema().relations, &ast::Relation::columns, &RelationDecl::columns);
      defaults(m, module.events, cx_.schema().relations, &ast::Event::columns, &RelationDecl::columns);
      params(m);
    }
  }

 private:
  void annotations(const std::vector<ast::Annotation>& list, bool of_clause = false) {
    check_annotations(cx_, list, of_clause);
  }

  /// Reports the second of two equal names in one list; calls `each` for every item.
  template <class List, class NameOf>
  void distinct(const List& list, NameOf name_of, std::string_view what) {
    std::unordered_map<std::string_view, Span> seen;
    for (const auto& item : list) {
      const ast::Name& name = name_of(item);
      auto [it, fresh] = seen.emplace(name.text, name.span);
      if (fresh) continue;
      cx_.report(Diag::kDuplicateName, name.span).arg(what).arg(name.text).related(it->second, "declared here first");
    }
  }

  void enums(uint32_t m) {
    for (const ast::Enum& source : cx_.modules[m].enums) {
      annotations(source.head.annotations);
      const Symbol* symbol = cx_.names.find(m, source.head.name.text);
      if (symbol == nullptr || symbol->span != source.head.name.span) continue;  // the second of two
      EnumDecl& decl = cx_.schema().enums[symbol->index];
      decl.ordered = source.ordered;
      for (const ast::EnumMember& member : source.members) {
        decl.members.push_back({member.name.text, member.wire.value_or(member.name.text), member.name.span});
        cx_.note(member.name.span, member.name.span, RefKind::kMember);
      }
      distinct(
          source.members, [](const ast::EnumMember& member) -> const ast::Name& { return member.name; }, "the member");
      distinct_wires(source.members);
    }
  }

  void instance_ids(uint32_t m) {
    cx_.instance_ids.resize(cx_.schema().entities.size());
    for (const ast::Entity& source : cx_.modules[m].entities) {
      const Symbol* symbol = cx_.names.find(m, source.head.name.text);
      if (symbol == nullptr || symbol->span != source.head.name.span || !source.rows) continue;
      for (const ast::Row& row : source.rows->rows) {
        if (row.values.empty() || row.values[0].kind != ast::ExprKind::kString) continue;
        std::string id;
        for (const ast::StringPart& part : row.values[0].parts) id += part.text;
        cx_.instance_ids[symbol->index].insert(std::move(id));
      }
    }
  }

  template <class Decls>
  auto* decl_of(uint32_t m, const ast::Head& head, Decls& decls) {
    const Symbol* symbol = cx_.names.find(m, head.name.text);
    bool mine = symbol != nullptr && symbol->span == head.name.span && symbol->index < decls.size() &&
                decls[symbol->index].info.span == head.name.span;
    return mine ? &decls[symbol->index] : nullptr;
  }

  void parents(uint32_t m) {
    for (const ast::Entity& source : cx_.modules[m].entities) {
      EntityDecl* decl = decl_of(m, source.head, cx_.schema().entities);
      if (decl == nullptr) continue;
      for (const ast::Path& path : source.parents) {
        const Symbol* symbol = cx_.names.resolve(m, path_text(path), path.span, "entity");
        if (symbol == nullptr) continue;
        cx_.note_symbol(m, path.span, path_text(path), *symbol);
        if (symbol->kind == SymbolKind::kEntity) {
          decl->parents.push_back(symbol->index);
          continue;
        }
        cx_.report(Diag::kWrongKind, path.span)
            .arg(path_text(path))
            .arg(describe(symbol->kind))
            .arg("an entity type")
            .related(symbol->span, "declared here");
      }
    }
  }

  /// By entity type, everything `in` may lead to: a walk from each over the parents.
  void hierarchy() {
    const auto& entities = cx_.schema().entities;
    cx_.ancestors.resize(entities.size());
    for (uint32_t entity = 0; entity < entities.size(); ++entity) {
      std::unordered_set<uint32_t> seen{entity};
      std::vector<uint32_t> open{entity};
      while (!open.empty()) {
        uint32_t at = open.back();
        open.pop_back();
        for (uint32_t parent : entities[at].parents) {
          if (seen.insert(parent).second) open.push_back(parent);
        }
      }
      cx_.ancestors[entity].assign(seen.begin(), seen.end());
      std::sort(cx_.ancestors[entity].begin(), cx_.ancestors[entity].end());
    }
  }

  void not_yet(uint32_t m) {
    for (const ast::Let& let : cx_.modules[m].lets) annotations(let.head.annotations);
    for (const ast::TypeAlias& alias : cx_.modules[m].aliases) annotations(alias.head.annotations);
    for (const ast::Rule& rule : cx_.modules[m].rules) annotations(rule.head.annotations);
    for (const ast::Decision& decision : cx_.modules[m].decisions) {
      annotations(decision.head.annotations);
      for (const ast::Clause& clause : decision.clauses) annotations(clause.head.annotations, true);
      for (const ast::Yield& yield : decision.yields) annotations(yield.head.annotations);
    }
    for (const ast::Lifecycle& lifecycle : cx_.modules[m].lifecycles) annotations(lifecycle.head.annotations);
    for (const ast::Test& test : cx_.modules[m].tests) annotations(test.head.annotations);
  }

  std::vector<FieldDecl> fields(uint32_t m, const std::vector<ast::Field>& sources, bool attributes, bool wires) {
    distinct(sources, [](const ast::Field& field) -> const ast::Name& { return field.name; }, "the name");
    std::vector<FieldDecl> out;
    for (const ast::Field& source : sources) {
      annotations(source.annotations);
      FieldDecl field;
      field.name = source.name.text;
      field.wire = source.wire.value_or(source.name.text);
      field.span = source.name.span;
      field.type = resolve_type(cx_, m, source.type);
      field.from_request = source.from_request;
      field.sensitive = std::any_of(source.annotations.begin(), source.annotations.end(),
                                    [](const ast::Annotation& a) { return a.name.text == "sensitive"; });
      if (source.from_request && !attributes) {
        cx_.report(Diag::kBadType, source.span).arg("`" + field.name + "`").arg("`from request`: it is no attribute");
      }
      if (source.wire && !wires) cx_.report(Diag::kNotSupported, source.span).arg("a wire name here");
      // A default that is wrong is still a default: nobody should be told to give the value.
      if (!source.default_value.empty()) field.default_value = Datum{};
      cx_.note(field.span, field.span, RefKind::kField, field.type);
      out.push_back(std::move(field));
    }
    distinct_wires(sources);
    return out;
  }

  /// Fields or members.
  template <class Item>
  void distinct_wires(const std::vector<Item>& items) {
    std::unordered_map<std::string_view, const ast::Name*> seen;
    for (const Item& item : items) {
      auto [it, fresh] = seen.emplace(item.wire ? *item.wire : item.name.text, &item.name);
      if (fresh || it->second->text == item.name.text) continue;  // one name twice is said already
      cx_.report(Diag::kDuplicateName, item.name.span)
          .arg("the name outside")
          .arg(it->first)
          .related(it->second->span, "declared here first");
    }
  }

  /// The values of defaults, of every declaration of a list.
  template <class Source, class Decl>
  void defaults(uint32_t m, const std::vector<Source>& sources, std::vector<Decl>& decls,
                std::vector<ast::Field> Source::* written, std::vector<FieldDecl> Decl::* declared) {
    for (const Source& source : sources) {
      Decl* decl = decl_of(m, source.head, decls);
      if (decl == nullptr) continue;
      const std::vector<ast::Field>& fields = source.*written;
      for (size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].default_value.empty()) continue;
        FieldDecl& field = (decl->*declared)[i];
        if (field.type == kErrorType) continue;
        if (auto value = check_constant(cx_, m, fields[i].default_value[0], field.type))
          field.default_value = std::move(*value);
      }
    }
  }

  void source(const std::optional<ast::Rows>& rows, FactSource& source, std::string& file, Span& from) {
    if (!rows) return;
    switch (rows->source) {
      case ast::SourceKind::kInline:
        source = FactSource::kInline;
        break;
      case ast::SourceKind::kHost:
        source = FactSource::kHost;
        break;
      case ast::SourceKind::kFile:
        source = FactSource::kFile;
        file = rows->file;
        from = rows->span;
        if (!file.ends_with(".csv") && !file.ends_with(".jsonl")) {
          cx_.report(Diag::kBadLiteral, rows->span)
              .arg(file)
              .arg("a `.csv` or `.jsonl` file")
              .hint("the ending says how the file is read");
        }
    }
  }

  void entities(uint32_t m) {
    for (const ast::Entity& entity : cx_.modules[m].entities) {
      annotations(entity.head.annotations);
      EntityDecl* decl = decl_of(m, entity.head, cx_.schema().entities);
      if (decl == nullptr) continue;
      std::vector<FieldDecl> attributes = fields(m, entity.fields, true, true);
      decl->attributes = std::move(attributes);
      decl->closed = entity.governed;
      source(entity.rows, decl->source, decl->file, decl->from);
      if (!entity.key.empty()) cx_.report(Diag::kNotSupported, entity.key[0].span).arg("a composite id");
      for (const FieldDecl& field : decl->attributes) {
        for (const std::string& name : {field.name, field.wire}) {
          if (name != "id" && name != "in") continue;
          cx_.report(Diag::kNameTaken, field.span).arg(name);
          break;
        }
        decl->closed |= field.mandatory(cx_.types());
      }
    }
  }

  void requests(uint32_t m) {
    for (const ast::Request& request : cx_.modules[m].requests) {
      annotations(request.head.annotations);
      if (RequestDecl* decl = decl_of(m, request.head, cx_.schema().requests); decl != nullptr) {
        decl->fields = fields(m, request.fields, false, true);
      }
    }
  }

  void signatures(uint32_t m) {
    auto each = [&](const std::vector<ast::Signature>& list, std::vector<SignatureDecl>& decls) {
      for (const ast::Signature& signature : list) {
        annotations(signature.head.annotations);
        SignatureDecl* decl = decl_of(m, signature.head, decls);
        if (decl == nullptr) continue;
        decl->params = fields(m, signature.params, false, true);
        decl->blocking = signature.blocking;
      }
    };
    each(cx_.modules[m].obligations, cx_.schema().obligations);
    each(cx_.modules[m].requirements, cx_.schema().requirements);
  }

  void relations(uint32_t m) {
    for (const ast::Relation& relation : cx_.modules[m].relations) {
      annotations(relation.head.annotations);
      RelationDecl* decl = decl_of(m, relation.head, cx_.schema().relations);
      if (decl == nullptr) continue;
      std::vector<FieldDecl> columns = fields(m, relation.columns, false, true);
      for (const FieldDecl& column : columns) {
        if (has_equality(cx_.types(), column.type)) continue;
        cx_.report(Diag::kNoKeyType, column.span)
            .arg("`" + type_name(cx_.schema(), column.type) + "`")
            .arg("a column of a relation");
      }
      decl->columns = std::move(columns);
      decl->sealed = relation.sealed;
      decl->moves = relation.moves;
      source(relation.rows, decl->source, decl->file, decl->from);
      key(relation, *decl);
      if (relation.expires_at) expires(*relation.expires_at, relation.expires_span, *decl);
    }
  }

  /// A relation that the host adds rows to, each with the time at which it happened.
  void events(uint32_t m) {
    for (const ast::Event& event : cx_.modules[m].events) {
      annotations(event.head.annotations);
      RelationDecl* decl = decl_of(m, event.head, cx_.schema().relations);
      if (decl == nullptr) continue;
      std::vector<FieldDecl> columns = fields(m, event.columns, false, true);
      for (const FieldDecl& column : columns) {
        if (column.name == "at" || column.wire == "at") {
          cx_.report(Diag::kNameTaken, column.span).arg("at").hint("each event has its time by that name");
        }
        if (has_equality(cx_.types(), column.type)) continue;
        cx_.report(Diag::kNoKeyType, column.span)
            .arg("`" + type_name(cx_.schema(), column.type) + "`")
            .arg("a column of an event");
      }
      for (auto [name, type] : {std::pair("at", kTimeType), std::pair("$event", kIntType)}) {
        FieldDecl& made = columns.emplace_back();
        made.name = made.wire = name;
        made.type = type;
        made.span = event.head.name.span;
      }
      decl->columns = std::move(columns);
      decl->is_event = true;
      decl->source = FactSource::kHost;
      std::optional<Datum> keep = check_constant(cx_, m, event.keep[0], kDurationType);
      if (!keep) continue;
      decl->keep = keep->n;
      if (keep->n <= 0)
        cx_.report(Diag::kOutOfRange, event.keep[0].span).arg(show(cx_.schema(), *keep)).arg("more than 0s");
    }
  }

  void expires(const ast::Name& name, Span whole, RelationDecl& decl) {
    auto it = std::ranges::find(decl.columns, name.text, &FieldDecl::name);
    if (it == decl.columns.end()) return unknown_column(name, decl);
    cx_.note(name.span, it->span, RefKind::kField, it->type);
    TypeId type = unwrap(cx_.types(), cx_.types().strip_range(it->type));
    if (type != kTimeType && type != kErrorType) {
      cx_.report(Diag::kTypeMismatch, name.span)
          .arg("a column of type `time` or `time?`")
          .arg("`" + type_name(cx_.schema(), it->type) + "`")
          .related(it->span, "declared here");
      return;
    }
    decl.expires = static_cast<uint32_t>(it - decl.columns.begin());
    decl.expires_span = whole;
    decl.expires_name = name.span;
  }

  void unknown_column(const ast::Name& name, const RelationDecl& decl) {
    std::vector<std::string> known;
    for (const FieldDecl& column : decl.columns) known.push_back(column.name);
    auto report = cx_.report(Diag::kUnknownMember, name.span);
    report.arg("relation `" + decl.info.name + "`").arg("column").arg(name.text);
    if (std::string hint = cx_.names.suggest(name.text, known); !hint.empty()) report.hint(hint);
  }

  void key(const ast::Relation& relation, RelationDecl& decl) {
    distinct(relation.key, [](const ast::Name& name) -> const ast::Name& { return name; }, "the key column");
    for (const ast::Name& name : relation.key) {
      auto it = std::find_if(decl.columns.begin(), decl.columns.end(),
                             [&](const FieldDecl& column) { return column.name == name.text; });
      if (it != decl.columns.end()) {
        cx_.note(name.span, it->span, RefKind::kField, it->type);
        decl.key.push_back(static_cast<uint32_t>(it - decl.columns.begin()));
        continue;
      }
      unknown_column(name, decl);
    }
  }

  void params(uint32_t m) {
    for (const ast::Param& param : cx_.modules[m].params) {
      annotations(param.head.annotations);
      ParamDecl* decl = decl_of(m, param.head, cx_.schema().params);
      if (decl == nullptr) continue;
      decl->type = resolve_type(cx_, m, param.type);
      if (!param.value.empty() && decl->type != kErrorType)
        decl->value = check_constant(cx_, m, param.value[0], decl->type);
    }
  }

  CheckContext& cx_;
};

}  // namespace

void check_annotations(CheckContext& context, const std::vector<ast::Annotation>& list, bool of_clause) {
  for (const ast::Annotation& annotation : list) {
    const std::string& name = annotation.name.text;
    if (!of_clause && (name == "mode" || name == "priority")) {
      context.report(Diag::kMisplaced, annotation.span).arg(name).arg("before what is no clause");
    } else if (std::find(std::begin(kAnnotations), std::end(kAnnotations), name) == std::end(kAnnotations)) {
      auto report = context.report(Diag::kUnknownName, annotation.name.span);
      report.arg("annotation").arg(name);
      std::vector<std::string> known(std::begin(kAnnotations), std::end(kAnnotations));
      if (std::string hint = context.names.suggest(name, known); !hint.empty()) report.hint(hint);
    }
  }
}

void check_declarations(CheckContext& context) {
  context.alias_types.assign(context.names.aliases().size(), kNoneType);
  Declarations(context).run();
}

}  // namespace lictor
