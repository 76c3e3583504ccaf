#include "runtime/request.h"

#include <algorithm>

#include "compiler/literals.h"
#include "runtime/engine_impl.h"
#include "runtime/relation/index.h"
#include "runtime/values.h"

namespace lictor {

namespace {

/// Of a decision's request: its fields, and the rows that are found for them.
size_t words_of(const Plan& plan, uint32_t decision) {
  const DecisionPlan& of = plan.decisions[decision];
  return plan.schema.requests[of.decision.request].fields.size() + of.bound_rows.size();
}

}  // namespace

BoundRequest::State::State(const Engine& engine, uint32_t number)
    : plan(engine.impl().plan),
      prepared(engine.impl().prepared),
      decision(number),
      values(static_cast<uint32_t>(plan->schema.entities.size()), nullptr),
      fields(engine.impl().blocks, words_of(*plan, number)),
      relations(*plan, *prepared) {
  eval.plan = plan.get();
  eval.prepared = prepared.get();
  eval.values = &values;
  eval.attributes = &attributes;
  eval.request = &relations;
  eval.errors = &errors;
  eval.context.runtime = &eval;
  frame.resize(prepared->frame);
  solution.resize(plan->decisions[number].max_instance + 1);
}

void BoundRequest::State::resolve(std::shared_ptr<const Snapshot> to, Problems& problems) {
  snapshot = std::move(to);
  fields.straight().way = &detail::kNoWay;
  values.reset(&snapshot->values());
  fields.clear();
  attributes.clear();
  notes.clear();
  broken.clear();
  if (json_size > 0) {
    bind_json(*this, problems);
  } else {
    bind_values(*this, problems);
  }
  bound = values.mark();
  eval.context.snapshot = &snapshot->view();
  find_rows();
  eval.context.fields = fields.begin();
  eval.hierarchy = &snapshot->hierarchy();
}

/// The rows that fields name by themselves, looked up once for all decisions.
void BoundRequest::State::find_rows() {
  fields.resize(plan->schema.requests[plan->decisions[decision].decision.request].fields.size(), kNoneWord);
  for (const BoundRow& row : plan->decisions[decision].bound_rows) {
    fields.push_back(bound_row(*plan, decision, row, fields[row.field], snapshot->view()));
  }
}

int64_t bound_row(const Plan& plan, uint32_t decision, const BoundRow& row, int64_t field, const SnapshotView& view) {
  uint32_t end = 0;
  if (row.index != kNoIndex) return probe(view.indexes[row.index], &field, &end);
  const RequestDecl& request = plan.schema.requests[plan.decisions[decision].decision.request];
  uint32_t type = plan.schema.types[base_type(plan.schema, request.fields[row.field].type)].decl;
  return std::min(entity_number_of(field), view.entities[type].count + 1);
}

void BoundRequest::State::begin(int64_t now, const EvalLimits& limits) {
  values.truncate(bound);
  eval.bags.close_all();
  if (!eval.singles.empty()) eval.singles.clear();
  eval.context.now = now;
  eval.context.steps = limits.steps;
  eval.memory = limits.memory;
  eval.exhausted = false;
  eval.running = kNoIndex;
  eval.errors = &errors;
  errors.clear();
  relations.reset();
}

std::optional<int64_t> bind_entity(BoundRequest::State& state, uint32_t type, std::string_view id) {
  auto word = state.values.find_entity(type, id);
  const EntityDecl& decl = state.plan->schema.entities[type];
  if (decl.closed && (!word || entity_number_of(*word) > state.snapshot->values().known(type))) return std::nullopt;
  return word ? *word : state.values.entity(type, id);
}

std::string unknown_note(std::string_view field, std::string_view id) {
  constexpr size_t kShown = 100;
  std::string shown(id.substr(0, kShown));
  return std::string(field) + " `" + shown + "` is unknown; the field is none";
}

// ---- From values ----------------------------------------------------------------------------------------------------

namespace {

/// Looks for ids that are not known; nothing where all are.
class UnknownEntity {
 public:
  UnknownEntity(BoundRequest::State& state) : state_(state), schema_(state.plan->schema) {}
  const Datum* find(TypeId type, const Datum& value) {
    if (value.none) return nullptr;
    const Type& shape = schema_.types[base_type(schema_, type)];
    switch (shape.kind) {
      case TypeKind::kEntity:
      case TypeKind::kUnion:
        return bind_entity(state_, entity_of(schema_, value), value.text) ? nullptr : &value;
      case TypeKind::kSet:
      case TypeKind::kList:
        return find_among(value, [&](size_t) { return shape.elem; });
      case TypeKind::kMap:
        return find_among(value, [&](size_t i) { return i % 2 == 0 ? shape.key : shape.elem; });
      case TypeKind::kRecord:
        return find_among(value, [&](size_t i) { return schema_.records[shape.decl].fields[i].type; });
      default:
        return nullptr;
    }
  }

  /// The value with none for each unknown entity in a record's field of an optional one; notes which.
  Datum settled(TypeId type, Datum value, const std::string& path) {
    const Type& shape = schema_.types[base_type(schema_, type)];
    if (value.none || (shape.kind != TypeKind::kRecord && value.items.empty())) return value;
    for (size_t i = 0; i < value.items.size(); ++i) {
      bool record = shape.kind == TypeKind::kRecord;
      TypeId part = record ? shape.members[i] : (shape.kind == TypeKind::kMap && i % 2 == 0 ? shape.key : shape.elem);
      std::string at = path + "/" + (record ? schema_.records[shape.decl].fields[i].wire : place_in(shape, value, i));
      Datum& item = value.items[i];
      uint32_t entity = record && schema_.types.kind(part) == TypeKind::kOptional ? entity_of(schema_, item) : kNoIndex;
      if (entity != kNoIndex && !bind_entity(state_, entity, item.text)) {
        state_.notes.push_back(unknown_note(at, item.text));
        item = Datum{};
        item.type = part;
        item.none = true;
      } else {
        item = settled(part, std::move(item), at);
      }
    }
    return value;
  }

 private:
  std::string place_in(const Type& shape, const Datum& value, size_t item) const {
    return shape.kind == TypeKind::kMap ? show(schema_, value.items[item - item % 2]) : std::to_string(item);
  }

  template <class TypeAt>
  const Datum* find_among(const Datum& value, const TypeAt& type_at) {
    for (size_t i = 0; i < value.items.size(); ++i) {
      if (const Datum* unknown = find(type_at(i), value.items[i])) return unknown;
    }
    return nullptr;
  }
  BoundRequest::State& state_;
  const Schema& schema_;
};

bool holds_records(const Schema& schema, TypeId type) {
  const Type& of = schema.types[type];
  switch (of.kind) {
    case TypeKind::kRecord:
      return true;
    case TypeKind::kOptional:
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap:
      return holds_records(schema, of.elem) || (of.kind == TypeKind::kMap && holds_records(schema, of.key));
    default:
      return false;
  }
}

}  // namespace

void bind_values(BoundRequest::State& state, Problems& problems) {
  const Schema& schema = state.plan->schema;
  const RequestDecl& request = schema.requests[state.plan->decisions[state.decision].decision.request];
  UnknownEntity unknown(state);
  for (size_t i = 0; i < request.fields.size(); ++i) {
    const FieldDecl& field = request.fields[i];
    std::string where = "`/" + field.wire + "`: ";
    const Datum* value = i < state.given.size() && state.given[i] ? &*state.given[i] : nullptr;
    if (value == nullptr && field.default_value) value = &*field.default_value;
    if (value == nullptr || value->none) {
      if (schema.types.kind(field.type) != TypeKind::kOptional) {
        problems.add(Diag::kRequestMissing, {where, "`" + field.wire + "`"});
      }
      state.fields.push_back(kNoneWord);
      continue;
    }
    Datum copy;
    if (holds_records(schema, field.type)) {
      copy = unknown.settled(field.type, *value, field.wire);
      value = &copy;
    }
    const Datum* missing = unknown.find(field.type, *value);
    if (missing == nullptr) {
      state.fields.push_back(to_word(schema, state.values, field.type, *value));
      continue;
    }
    state.fields.push_back(kNoneWord);
    if (missing == value && schema.types.kind(field.type) == TypeKind::kOptional) {
      state.notes.push_back(unknown_note(field.wire, value->text));
    } else {
      problems.add(Diag::kRequestInstance,
                   {where, schema.entities[entity_of(schema, *missing)].info.name, quote(missing->text)});
    }
  }
}

}  // namespace lictor
