// Questions from outside: a pattern over a relation, and a value as people type it.
#include <algorithm>
#include <unordered_map>

#include "compiler/analyze.h"
#include "compiler/build_ast.h"
#include "compiler/check.h"
#include "compiler/checked_text.h"
#include "compiler/literals.h"
#include "compiler/pattern_columns.h"
#include "grammar/big_stack.h"

namespace lictor {
namespace {

// ---- Values ---------------------------------------------------------------------------------------------------------

/// A pattern, address or digest, with or without the quotes and the mark of a literal.
std::optional<Datum> marked_text(TypeId type, TypeKind kind, std::string_view text) {
  std::string_view mark = text_mark(kind);
  bool quoted =
      text.size() >= mark.size() + 2 && text.starts_with(mark) && text[mark.size()] == '"' && text.back() == '"';
  if (quoted) text = text.substr(mark.size() + 1, text.size() - mark.size() - 2);
  CheckedText checked = check_text(kind, text);
  if (!checked.ok()) return std::nullopt;
  Datum out;
  out.type = type;
  out.text = std::move(checked.text);
  return out;
}

/// Syntax to a value of an expected type, more lenient than a policy: a bare word stands for a text or an id.
class ValueReader {
 public:
  explicit ValueReader(const Schema& schema) : schema_(schema) {}

  std::optional<Datum> read(const ast::Expr& expr, TypeId id) const {
    const Type& type = schema_.types[id];
    Datum out;
    out.type = id;
    if (type.kind == TypeKind::kOptional) {
      out.none = expr.kind == ast::ExprKind::kNone;
      if (out.none) return out;
      std::optional<Datum> inner = read(expr, type.elem);
      if (inner) inner->type = id;
      return inner;
    }
    switch (type.kind) {
      case TypeKind::kSet:
      case TypeKind::kList:
        return items(expr, type.elem, type.elem, id);
      case TypeKind::kMap:
        return items(expr, type.key, type.elem, id);
      case TypeKind::kEntity: {
        bool call = expr.kind == ast::ExprKind::kCall && expr.args.size() == 1;
        return word(call && expr.text == schema_.entities[type.decl].info.name ? expr.args[0] : expr, id);
      }
      case TypeKind::kUnion:
        return union_value(expr, id);
      case TypeKind::kRecord:
        return record(expr, schema_.records[type.decl], id);
      case TypeKind::kString:
        return word(expr, id);
      case TypeKind::kIp:
      case TypeKind::kGlob:
      case TypeKind::kRegex:
      case TypeKind::kDigest: {
        if (expr.kind != ast::ExprKind::kString) return marked_text(id, type.kind, expr.text);
        std::optional<Datum> text = word(expr, id);
        return text ? marked_text(id, type.kind, text->text) : std::nullopt;
      }
      default:
        break;
    }
    bool negative = expr.kind == ast::ExprKind::kUnary && expr.text == "-";
    const ast::Expr& plain = negative ? expr.args[0] : expr;
    std::string text = (negative ? "-" : "") + plain.text + (plain.kind == ast::ExprKind::kPercent ? "%" : "");
    return scalar(text, id);
  }

  /// `User:ann`, as a value of that union.
  std::optional<Datum> typed(std::string_view text, TypeId id) const {
    std::optional<TypedId> found = typed_id(schema_, id, text);
    if (!found) return std::nullopt;
    Datum out;
    out.type = id;
    out.n = found->entity;
    out.text = std::string(found->id);
    return out;
  }

  /// A value without structure, as plain text.
  std::optional<Datum> scalar(const std::string& text, TypeId id) const {
    const Type& type = schema_.types[id];
    std::optional<int64_t> value = scalar_word(text, type);
    if (!value || (type.ranged && (*value < type.lo || *value > type.hi))) return std::nullopt;
    Datum out;
    out.type = id;
    out.n = *value;
    return out;
  }

 private:
  std::optional<int64_t> scalar_word(const std::string& text, const Type& type) const {
    switch (type.kind) {
      case TypeKind::kBool:
        if (text != "true" && text != "false") return std::nullopt;
        return text == "true" ? 1 : 0;
      case TypeKind::kInt:
        return parse_int(text);
      case TypeKind::kDecimal:
        return text.ends_with('%') ? parse_percent(std::string_view(text).substr(0, text.size() - 1))
                                   : parse_decimal(text);
      case TypeKind::kFloat:
        return parse_float(text);
      case TypeKind::kDuration:
        return parse_duration(text);
      case TypeKind::kTime:
        return parse_time(text);
      case TypeKind::kClock:
        return parse_clock(text);
      case TypeKind::kDate:
        return parse_date(text);
      case TypeKind::kEnum: {
        const auto& members = schema_.enums[type.decl].members;
        for (size_t i = 0; i < members.size(); ++i) {
          if (members[i].name == text || members[i].wire == text) return static_cast<int64_t>(i);
        }
        return std::nullopt;
      }
      default:
        return std::nullopt;
    }
  }

  std::optional<Datum> word(const ast::Expr& expr, TypeId id) const {
    Datum out;
    out.type = id;
    if (expr.kind == ast::ExprKind::kString) {
      for (const ast::StringPart& part : expr.parts) {
        if (!part.expr.empty()) return std::nullopt;
        out.text += part.text;
      }
      return out;
    }
    if (expr.kind != ast::ExprKind::kName) return std::nullopt;
    out.text = expr.text;
    return out;
  }

  /// `User("ann")`, or `"User:ann"`.
  std::optional<Datum> union_value(const ast::Expr& expr, TypeId id) const {
    bool call = expr.kind == ast::ExprKind::kCall && expr.args.size() == 1;
    std::optional<Datum> text = word(call ? expr.args[0] : expr, id);
    if (!text) return std::nullopt;
    if (!call) return typed(text->text, id);
    uint32_t entity = member_named(schema_, id, expr.text);
    if (entity == kNoIndex) return std::nullopt;
    text->n = entity;
    return text;
  }

  std::optional<Datum> record(const ast::Expr& expr, const RecordDecl& decl, TypeId id) const {
    bool empty = expr.kind == ast::ExprKind::kBraces && expr.args.empty();
    if (expr.kind != ast::ExprKind::kMap && !empty) return std::nullopt;
    std::vector<std::optional<Datum>> values(decl.fields.size());
    for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
      auto field = std::ranges::find(decl.fields, expr.args[i].text, &FieldDecl::name);
      if (expr.args[i].kind != ast::ExprKind::kName || field == decl.fields.end()) return std::nullopt;
      std::optional<Datum>& value = values[static_cast<size_t>(field - decl.fields.begin())];
      if (value) return std::nullopt;
      value = read(expr.args[i + 1], field->type);
      if (!value) return std::nullopt;
    }
    Datum out;
    out.type = id;
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) values[i] = absent(decl.fields[i]);
      if (!values[i]) return std::nullopt;
      out.items.push_back(std::move(*values[i]));
    }
    return out;
  }

  std::optional<Datum> absent(const FieldDecl& field) const {
    if (field.default_value || field.mandatory(schema_.types)) return field.default_value;
    Datum none;
    none.type = field.type;
    none.none = true;
    return none;
  }

  std::optional<Datum> items(const ast::Expr& expr, TypeId first, TypeId second, TypeId id) const {
    TypeKind kind = schema_.types.kind(id);
    bool empty_map = kind == TypeKind::kMap && expr.kind == ast::ExprKind::kBraces && expr.args.empty();
    ast::ExprKind wanted = kind == TypeKind::kSet    ? ast::ExprKind::kBraces
                           : kind == TypeKind::kList ? ast::ExprKind::kList
                                                     : ast::ExprKind::kMap;
    if (expr.kind != wanted && !empty_map) return std::nullopt;
    Datum out;
    out.type = id;
    for (size_t i = 0; i < expr.args.size(); ++i) {
      std::optional<Datum> item = read(expr.args[i], i % 2 == 0 ? first : second);
      if (!item) return std::nullopt;
      out.items.push_back(std::move(*item));
    }
    size_t written = out.items.size();
    normalize(schema_, out);
    bool repeated = kind == TypeKind::kMap && out.items.size() != written;
    return repeated || !complete(out) ? std::nullopt : std::optional<Datum>(std::move(out));
  }

  /// A map keyed by an enum has every member.
  bool complete(const Datum& map) const {
    if (schema_.types.kind(map.type) != TypeKind::kMap) return true;
    const Type& key = schema_.types[schema_.types[map.type].key];
    return key.kind != TypeKind::kEnum || map.items.size() == 2 * schema_.enums[key.decl].members.size();
  }

  const Schema& schema_;
};

bool is_plain(const Schema& schema, TypeId type) {
  TypeKind kind = schema.types.kind(type);
  return kind != TypeKind::kSet && kind != TypeKind::kList && kind != TypeKind::kMap && kind != TypeKind::kRecord;
}

/// Text in which nothing but structure could be meant: `Agent("a")`, `"quoted"`, `time"..."`.
bool is_syntax(std::string_view text) { return text.find('"') != std::string_view::npos; }

std::optional<Datum> read_syntax(const Schema& schema, TypeId type, std::string_view text) {
  std::optional<Datum> out;
  run_on_big_stack(kBigStack, [&] {
    SourceMap sources;
    uint32_t file = sources.add("value", std::string(text));
    Diagnostics diagnostics(sources);
    std::vector<ast::Expr> expr = build_expression(sources, file, diagnostics);
    if (!diagnostics.has_errors() && !expr.empty()) out = ValueReader(schema).read(expr[0], type);
  });
  return out;
}

}  // namespace

Result<Datum> parse_value(const Schema& schema, TypeId type, std::string_view text) {
  TypeId inner = unwrap(schema.types, type);
  std::optional<Datum> out;
  if (inner != type && text == "none") {
    out.emplace();
    out->none = true;
  } else if (is_checked_text(schema.types.kind(inner))) {
    out = marked_text(inner, schema.types.kind(inner), text);
  } else if (!is_plain(schema, inner) || is_syntax(text)) {
    out = read_syntax(schema, inner, text);
  } else if (inner == kStringType || schema.types.kind(inner) == TypeKind::kEntity) {
    out.emplace();
    out->text = text;
  } else if (schema.types.kind(inner) == TypeKind::kUnion) {
    out = ValueReader(schema).typed(text, inner);
  } else {
    out = ValueReader(schema).scalar(std::string(text), inner);
  }
  if (!out)
    return fail(ErrorKind::kInvalid,
                "`" + std::string(text.substr(0, 200)) + "` is not a value of type `" + type_name(schema, type) + "`");
  out->type = type;
  return std::move(*out);
}

// ---- Queries --------------------------------------------------------------------------------------------------------

namespace {

class QueryReader {
 public:
  QueryReader(const Schema& schema, const SourceMap& sources, Diagnostics& diagnostics)
      : schema_(schema), sources_(sources), diagnostics_(diagnostics) {}

  Query read(const ast::Expr& expr) {
    Query out;
    if (expr.kind != ast::ExprKind::kCall && expr.kind != ast::ExprKind::kName) {
      diagnostics_.report(Diag::kNotACondition, expr.span).arg("an expression").hint("write `relation(x, \"a\")`");
      return out;
    }
    if (!find(expr, out)) return out;
    out.history = expr.history;
    const RelationDecl* relation = out.relation != kNoIndex ? &schema_.relations[out.relation] : nullptr;
    bool keeps = relation != nullptr && (relation->expires != kNoIndex || relation->is_event);
    if (expr.history && !keeps) diagnostics_.report(Diag::kNoHistory, expr.span).arg(expr.text);
    std::vector<FieldDecl> columns = columns_of(out);
    if (expr.kind == ast::ExprKind::kName) {
      // A bare name asks for every row.
      out.columns.resize(columns.size());
      for (const FieldDecl& column : columns) out.names.push_back(column.name);
      return out;
    }
    out.columns.resize(columns.size());
    for (const FieldDecl& column : columns) out.names.push_back(column.name);
    size_t placed = relation != nullptr ? relation->written() : columns.size();
    std::vector<size_t> at = pattern_columns(diagnostics_, columns, placed, expr);
    for (size_t i = 0; i < expr.args.size(); ++i) {
      if (at[i] != SIZE_MAX) column(expr.args[i], columns, static_cast<uint32_t>(at[i]), out);
    }
    return out;
  }

 private:
  template <class Decls>
  static bool matches(const Decls& decl, const std::string& name) {
    return decl.info.name == name || decl.info.qualified() == name;
  }

  bool find(const ast::Expr& expr, Query& out) {
    Span at = expr.name_span.valid() ? expr.name_span : expr.span;
    std::vector<std::string> known, found;
    for (uint32_t i = 0; i < schema_.relations.size(); ++i) {
      known.push_back(schema_.relations[i].info.name);
      if (!matches(schema_.relations[i], expr.text)) continue;
      found.push_back(schema_.relations[i].info.module);
      out.relation = i;
    }
    for (uint32_t i = 0; i < schema_.entities.size(); ++i) {
      known.push_back(schema_.entities[i].info.name);
      if (!matches(schema_.entities[i], expr.text)) continue;
      found.push_back(schema_.entities[i].info.module);
      out.entity = i;
    }
    if (found.size() == 1) return true;
    if (found.size() > 1) {
      diagnostics_.report(Diag::kAmbiguousName, at).arg(expr.text).arg(found[0]).arg(found[1]);
      return false;
    }
    auto report = diagnostics_.report(Diag::kUnknownName, at);
    report.arg("relation or entity").arg(expr.text);
    if (std::string nearest = nearest_name(expr.text, known); !nearest.empty())
      report.hint("did you mean `" + nearest + "`?");
    return false;
  }

  std::vector<FieldDecl> columns_of(const Query& query) const {
    if (query.relation != kNoIndex) {
      std::vector<FieldDecl> columns = schema_.relations[query.relation].columns;
      if (schema_.relations[query.relation].is_event) columns.pop_back();  // its number is nobody's business
      return columns;
    }
    FieldDecl id;
    id.name = "id";
    id.type = *schema_.types.find_entity_type(query.entity);
    return {id};
  }

  /// A variable that stands twice asks for equal values, which only values of one type can be.
  void repeat(const ast::Expr& arg, const std::vector<FieldDecl>& columns, uint32_t first, uint32_t index, Query& out) {
    TypeId had = columns[first].type, has = columns[index].type;
    if (same_base(schema_.types, unwrap(schema_.types, had), unwrap(schema_.types, has))) {
      out.equal.emplace_back(first, index);
      return;
    }
    diagnostics_.report(Diag::kTypeMismatch, arg.span)
        .arg("a value of type `" + type_name(schema_, had) + "`, which `" + arg.text + "` has in column `" +
             columns[first].name + "`")
        .arg("one of type `" + type_name(schema_, has) + "` in column `" + columns[index].name + "`")
        .hint("name one of the two otherwise");
  }

  void column(const ast::Expr& arg, const std::vector<FieldDecl>& columns, uint32_t index, Query& out) {
    const FieldDecl& column = columns[index];
    if (arg.kind == ast::ExprKind::kWildcard) return;
    if (arg.kind == ast::ExprKind::kName && !is_member(column.type, arg.text)) {
      out.names[index] = arg.text;
      auto [it, fresh] = variables_.emplace(arg.text, index);
      if (!fresh) repeat(arg, columns, it->second, index, out);
      return;
    }
    std::optional<Datum> value = ValueReader(schema_).read(member_word(arg), column.type);
    if (value) {
      out.columns[index] = std::move(value);
      return;
    }
    diagnostics_.report(Diag::kTypeMismatch, arg.span)
        .arg("a value of type `" + type_name(schema_, column.type) + "`")
        .arg("`" + std::string(sources_.text(arg.span)) + "`");
  }

  /// `Impact.critical` is its last word.
  static ast::Expr member_word(const ast::Expr& arg) {
    ast::Expr out = arg;
    if (arg.kind == ast::ExprKind::kField) out.kind = ast::ExprKind::kName;
    return out;
  }

  bool is_member(TypeId id, const std::string& word) const {
    TypeId type = unwrap(schema_.types, id);
    if (schema_.types.kind(type) != TypeKind::kEnum) return false;
    const auto& members = schema_.enums[schema_.types[type].decl].members;
    return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.name == word; });
  }

  const Schema& schema_;
  const SourceMap& sources_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, uint32_t> variables_;
};

}  // namespace

Result<Query> analyze_query(const Analysis& analysis, std::string_view text) {
  Query query;
  std::vector<Diagnostic> diagnostics;
  run_on_big_stack(kBigStack, [&] {
    SourceMap sources;
    uint32_t file = sources.add("query", std::string(text));
    Diagnostics found(sources);
    std::vector<ast::Expr> expr = build_expression(sources, file, found);
    if (!found.has_errors() && !expr.empty())
      query = QueryReader(analysis.program.schema, sources, found).read(expr[0]);
    diagnostics = found.sorted();
  });
  if (!diagnostics.empty()) {
    std::string message = diagnostics[0].message;
    return fail(ErrorKind::kInvalid, std::move(message), std::move(diagnostics));
  }
  return query;
}

}  // namespace lictor
