// Written out key by key, so that the order of the keys is the one of docs/architecture.md.
#include "host/decision_json.h"

#include <bit>
#include <nlohmann/json.hpp>

#include "compiler/literals.h"

namespace lictor {

namespace {

using Json = nlohmann::ordered_json;

/// A double of at most 15 digits prints as the decimal it was made from; larger ones go as text.
Json decimal_json(const Schema& schema, const Datum& value) {
  constexpr int64_t kExact = 1'000'000'000'000'000;
  if (value.n <= -kExact || value.n >= kExact) return show(schema, value);
  return static_cast<double>(value.n) / static_cast<double>(kDecimalScale);
}

Json float_json(const Datum& value) {
  double number = std::bit_cast<double>(value.n);
  return number;
}

Json record_json(const Schema& schema, const Type& type, const Datum& value) {
  const auto& fields = schema.records[type.decl].fields;
  Json object = Json::object();
  for (size_t i = 0; i < value.items.size() && i < fields.size(); ++i) {
    if (!value.items[i].none) object[fields[i].wire] = value_json(schema, value.items[i]);
  }
  return object;
}

Json map_json(const Schema& schema, const Datum& value) {
  Json object = Json::object();
  for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
    bool typed = base_kind(schema, value.items[i].type) == TypeKind::kUnion;
    Json key = typed ? Json(show(schema, value.items[i])) : value_json(schema, value.items[i]);
    object[key.is_string() ? key.get<std::string>() : key.dump()] = value_json(schema, value.items[i + 1]);
  }
  return object;
}

Json list_json(const Schema& schema, const Datum& value) {
  Json list = Json::array();
  for (const Datum& item : value.items) list.push_back(value_json(schema, item));
  return list;
}

Json typed_json(const Schema& schema, TypeId id, const Datum& value) {
  const Type& type = schema.types[id];
  switch (type.kind) {
    case TypeKind::kOptional:
      return typed_json(schema, type.elem, value);
    case TypeKind::kBool:
      return value.n != 0;
    case TypeKind::kInt:
      return value.n;
    case TypeKind::kDecimal:
      return decimal_json(schema, value);
    case TypeKind::kFloat:
      return float_json(value);
    case TypeKind::kEnum: {
      const EnumMemberDecl& member = schema.enums[type.decl].members[static_cast<size_t>(value.n)];
      return member.wire.empty() ? member.name : member.wire;
    }
    case TypeKind::kUnion:
      return {{"type", schema.entities[static_cast<size_t>(value.n)].info.name}, {"id", value.text}};
    case TypeKind::kString:
    case TypeKind::kEntity:
    case TypeKind::kIp:
    case TypeKind::kDigest:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
      return value.text;
    case TypeKind::kTime:
      return time_text(value.n);
    case TypeKind::kSet:
    case TypeKind::kList:
      return list_json(schema, value);
    case TypeKind::kMap:
      return map_json(schema, value);
    case TypeKind::kRecord:
      return record_json(schema, type, value);
    default:
      return show(schema, value);
  }
}

Json values_json(const Schema& schema, const std::vector<std::pair<std::string, Datum>>& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = value_json(schema, value);
  return object;
}

Json signatures_json(const Schema& schema, const std::vector<AppliedSignature>& signatures) {
  Json list = Json::array();
  for (const AppliedSignature& signature : signatures) {
    list.push_back(
        {{"name", signature.name}, {"args", values_json(schema, signature.args)}, {"blocking", signature.blocking}});
  }
  return list;
}

/// {"insert": "used", "row": {...}}; a column that `remove` leaves open has no member.
Json changes_json(const Schema& schema, const std::vector<AppliedSignature>& changes) {
  Json list = Json::array();
  for (const AppliedSignature& change : changes) {
    list.push_back(
        {{change.verb == Verb::kInsert ? "insert" : "remove", change.name}, {"row", values_json(schema, change.args)}});
  }
  return list;
}

Json also_json(const std::vector<Instance>& instances) {
  Json list = Json::array();
  for (const Instance& instance : instances) {
    list.push_back({{"decision", outcome_name(instance.outcome)},
                    {"clause", instance.id},
                    {"reason", instance.reason},
                    {"override", instance.is_override}});
  }
  return list;
}

Json observed_json(const std::vector<Instance>& instances) {
  Json list = also_json(instances);
  for (size_t i = 0; i < instances.size(); ++i) list[i]["mode"] = mode_name(instances[i].mode);
  return list;
}

Json errors_json(const std::vector<EvalError>& errors) {
  Json list = Json::array();
  for (const EvalError& error : errors) {
    list.push_back({{"kind", error_text(error.kind)},
                    {"message", error.message},
                    {"where", error.where},
                    {"file", error.place.file},
                    {"line", error.place.line},
                    {"column", error.place.column}});
  }
  return list;
}

std::string_view kind_name(ProofNode::Kind kind) {
  switch (kind) {
    case ProofNode::Kind::kClause:
      return "clause";
    case ProofNode::Kind::kRule:
      return "rule";
    case ProofNode::Kind::kFact:
      return "fact";
    case ProofNode::Kind::kInstance:
      return "instance";
    case ProofNode::Kind::kAbsent:
      return "absent";
    case ProofNode::Kind::kTest:
      return "test";
    case ProofNode::Kind::kLet:
      return "let";
    case ProofNode::Kind::kAggregate:
      return "aggregate";
    case ProofNode::Kind::kExists:
      return "exists";
    case ProofNode::Kind::kMember:
      return "member";
    case ProofNode::Kind::kDefault:
      return "default";
    case ProofNode::Kind::kTuple:
      return "tuple";
    case ProofNode::Kind::kAbbreviated:
      return "abbreviated";
  }
  return "fact";
}

/// Where a clause, or a rule it asks, stopped.
template <class Stopped>
void add_premise(Json& json, const Schema& schema, const Stopped& at) {
  json["premise"] = at.premise;
  json["values"] = at.values;
  json["file"] = at.place.file;
  json["line"] = at.place.line;
  json["column"] = at.place.column;
  json["held"] = at.held;
  json["total"] = at.total;
  json["bindings"] = values_json(schema, at.bindings);
}

Json near_miss_json(const Schema& schema, const NearMiss& miss) {
  Json json = {{"clause", miss.clause}, {"decision", outcome_name(miss.outcome)}, {"override", miss.is_override}};
  add_premise(json, schema, miss);
  if (miss.in_rule) {
    Json in = {{"rule_file", miss.in_rule->rule_place.file}, {"rule_line", miss.in_rule->rule_place.line}};
    add_premise(in, schema, *miss.in_rule);
    json["in_rule"] = std::move(in);
  }
  return json;
}

}  // namespace

Json value_json(const Schema& schema, const Datum& value) {
  if (value.none) return nullptr;
  return typed_json(schema, value.type, value);
}

Json decision_json(const Schema& schema, const DecisionResult& result, std::string_view id) {
  Json json = {{"decision", outcome_name(result.outcome)},
               {"clause", result.winner.id},
               {"reason", result.winner.reason},
               {"override", result.winner.is_override},
               {"also", also_json(result.also)},
               {"module", result.module},
               {"name", result.name},
               {"obligations", signatures_json(schema, result.obligations)}};
  if (!result.changes.empty()) json["changes"] = changes_json(schema, result.changes);
  if (result.outcome == ast::Outcome::kRequire) json["requirements"] = signatures_json(schema, result.requirements);
  json["observed"] = observed_json(result.observed);
  json["errors"] = errors_json(result.errors);
  json["notes"] = result.notes;
  json["yields"] = values_json(schema, result.yields);
  json["bundle"] = result.bundle_hash;
  json["facts"] = result.facts;
  json["now"] = time_text(result.now);
  json["id"] = id;
  json["engine"] = engine_name(result.engine);
  return json;
}

Json proof_json(const Schema& schema, const ProofNode& node) {
  Json json = {{"kind", kind_name(node.kind)}, {"text", node.text}};
  if (!node.rule.empty()) json["rule"] = node.rule;
  if (node.place.line != 0) {
    json["file"] = node.place.file;
    json["line"] = node.place.line;
    json["column"] = node.place.column;
  }
  if (!node.row.empty()) {
    Json row = Json::array();
    for (const Datum& value : node.row) row.push_back(value_json(schema, value));
    json["row"] = std::move(row);
  }
  if (node.relation != kNoIndex) json["relation"] = schema.relations[node.relation].info.name;
  if (node.kind == ProofNode::Kind::kAggregate) json["total"] = node.total;
  if (!node.bindings.empty()) json["bindings"] = values_json(schema, node.bindings);
  Json children = Json::array();
  for (const ProofNode& child : node.children) children.push_back(proof_json(schema, child));
  if (!children.empty()) json["because"] = std::move(children);
  return json;
}

Json explanation_json(const Schema& schema, const Explanation& explanation, std::string_view id) {
  Json json = decision_json(schema, explanation.decision, id);
  json["proof"] = proof_json(schema, explanation.proof);
  if (explanation.decision.outcome != ast::Outcome::kAllow) {
    Json misses = Json::array();
    for (const NearMiss& miss : explanation.near_misses) misses.push_back(near_miss_json(schema, miss));
    json["near_misses"] = std::move(misses);
  }
  return json;
}

std::string to_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string_view engine_name(EngineKind kind) { return kind == EngineKind::kJit ? "jit" : "interp"; }

std::string time_text(int64_t microseconds) { return show_time(microseconds); }

}  // namespace lictor
