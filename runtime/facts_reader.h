// What the readers of JSON, CSV and JSON Lines share: values as Datums, one row or one instance at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check.h"
#include "runtime/facts.h"
#include "runtime/json_values.h"

namespace lictor {

/// A Sink (runtime/json_values.h) for facts.
class DatumSink {
 public:
  using Value = Datum;
  using Maybe = std::optional<Datum>;
  static constexpr bool kEntityObjects = false;

  explicit DatumSink(Reading& reading) : reading_(reading), schema_(reading.schema) {}

  static Datum word(TypeId type, int64_t word);
  Datum text(TypeId type, std::string_view text);
  Maybe entity(TypeId type, std::string_view id, const JsonPath& path);
  Datum some(TypeId type, Datum value);
  Datum none(TypeId type);
  Datum constant(TypeId type, const Datum& value);
  Datum list(TypeId type, std::vector<Datum> items);
  Datum record(TypeId type, std::vector<Datum> items) { return list(type, std::move(items)); }
  Datum set(TypeId type, std::vector<Datum> items);
  Maybe map(TypeId type, std::vector<Datum> pairs, const JsonPath& path);
  bool has_key(const Datum& map, int64_t key) const;
  /// Of a union alone: {"type": "User", "id": "ann"}
  Maybe entity_object(TypeId type, ondemand::object& object, const JsonPath& path, bool typed);
  Datum as_union(TypeId type, Datum value) { return as_type(schema_, std::move(value), type); }
  void may_be_none(const JsonPath*) {}

 private:
  Reading& reading_;
  const Schema& schema_;
};

/// One relation or one entity type whose facts are read. Fails (and says so) where facts may not give its rows.
class FactTarget {
 public:
  FactTarget(Reading& reading, FactSet& into, uint32_t number, bool entity, const FactLimits& limits);

  const std::string& name() const { return entity_ ? entity_decl().info.name : relation_decl().info.name; }
  bool is_entity() const { return entity_; }
  /// The columns of the relation, or the attributes of the entity type.
  const std::vector<FieldDecl>& fields() const {
    if (entity_) return entity_decl().attributes;
    return relation_decl().is_event ? event_columns_ : relation_decl().columns;
  }

  bool may_be_given(const JsonPath& where);
  /// An array by position, or an object by column; an instance: an object with "id", or without where `id` is given.
  void read_json(ondemand::value value, const JsonPath& path, std::optional<std::string_view> id = std::nullopt);
  /// Values by position of fields(), what is absent being filled in.
  void add_row(std::vector<Datum> values);
  void add_instance(EntityFact fact);
  /// A parent as "Group:g1", or by its id alone where only one type can be a parent.
  bool add_parent(EntityFact& fact, std::string_view text, const JsonPath& path);
  bool add_parent(EntityFact& fact, std::string_view type, std::string_view id, const JsonPath& path);
  bool full(const JsonPath& where);
  void note_line();

  JsonValues<DatumSink>& values() { return values_; }

 private:
  const EntityDecl& entity_decl() const { return schema_.entities[number_]; }
  const RelationDecl& relation_decl() const { return schema_.relations[number_]; }
  void read_array(ondemand::value& value, const JsonPath& path);
  void read_object(ondemand::value& value, const JsonPath& path, std::optional<std::string_view> id);
  bool read_parents(EntityFact& fact, ondemand::value value, const JsonPath& path);
  bool read_parent_list(ondemand::value value, const JsonPath& path, EntityFact& fact,
                        std::optional<std::string_view> type);

  Reading& reading_;
  const Schema& schema_;
  FactSet& into_;
  size_t origin_;  // index into into_.origins
  uint32_t number_;
  bool entity_;
  std::vector<FieldDecl> event_columns_;  // of an event: all but its number
  const FactLimits& limits_;
  DatumSink sink_;
  JsonValues<DatumSink> values_;
};

/// kInvalid where a text is larger than the limits (or the JSON library) allow.
Result<void> check_fact_size(std::string_view text, std::string_view name, const FactLimits& limits);

/// Instances and rows in the set so far.
uint64_t fact_count(const FactSet& facts);
/// Makes room for every entity type and relation.
void fit(const Schema& schema, FactSet& facts);

/// The relation or entity type of a name, plain or with its module; kNoIndex where there is none, or more than one.
uint32_t find_relation(const Schema& schema, std::string_view name);
uint32_t find_entity(const Schema& schema, std::string_view name);
std::vector<std::string> relation_names(const Schema& schema);
std::vector<std::string> entity_names(const Schema& schema);
/// What to write instead of a name that was not found, or "".
std::string relation_hint(const Schema& schema, std::string_view name);
std::string entity_hint(const Schema& schema, std::string_view name);

}  // namespace lictor
