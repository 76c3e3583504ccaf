// What a program declares, with names resolved to indexes. Program and Plan share it, so that the runtime can read
// requests and facts and print decisions without knowing syntax.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/types.h"
#include "grammar/source.h"

namespace lictor {

inline constexpr uint32_t kNoIndex = UINT32_MAX;

/// When a relation's content is known (docs/language.md, "Three times at which a thing is known").
enum class BindingTime : uint8_t { kLoad, kFact, kRequest };

struct DeclInfo {
  std::string module;  // "atom.maturity"
  std::string name;    // "Agent"
  Span span;
  std::string doc;
  std::string qualified() const { return module.empty() ? name : module + "." + name; }
};

struct EnumMemberDecl {
  std::string name;
  std::string wire;  // as JSON and CSV have it; the name where nothing else was said
  Span span = {};    // of the name
};
struct EnumDecl {
  DeclInfo info;
  std::vector<EnumMemberDecl> members;  // the ordinal is the index
  bool ordered = false;
};

struct FieldDecl {
  std::string name;
  std::string wire;
  TypeId type = kErrorType;
  Span span;
  std::optional<Datum> default_value;
  bool from_request = false;  // entity attributes: a request may bring it
  bool sensitive = false;     // @sensitive: never shown in messages of ours
  /// Must a row, instance or request give it? Optionals have the default `none`.
  bool mandatory(const TypeTable& types) const { return !default_value && types.kind(type) != TypeKind::kOptional; }
};

enum class FactSource : uint8_t { kNone, kInline, kFile, kHost };

struct EntityDecl {
  DeclInfo info;
  std::vector<uint32_t> parents;  // entity types that `in` may lead to, as declared
  std::vector<FieldDecl> attributes;
  FactSource source = FactSource::kNone;
  std::string file;     // kFile: relative to the bundle's root
  Span from;            // kFile: `from "file"`
  bool closed = false;  // has mandatory attributes or a lifecycle: only known instances exist
};

struct RelationDecl {
  DeclInfo info;
  std::vector<FieldDecl> columns;  // without request-typed columns: those are `request`
  std::vector<uint32_t> key;       // column indexes; empty: the whole row
  uint32_t expires = kNoIndex;     // column of `expires at`: a row is seen while now is before its value, if it has one
  Span expires_span, expires_name;  // `expires at until`, `until`
  FactSource source = FactSource::kNone;
  std::string file;
  Span from;
  bool derived = false;  // some rule has it as head
  bool sealed = false;   // a constitution or lifecycle gives its rows: neither facts nor other rules may
  bool moves = false;    // the history of a lifecycle: who adds a row moves the object
  /// Its last two columns are `at`, the time, and a number that the facts give each event, so that no two are one row.
  bool is_event = false;
  int64_t keep = 0;  // of an event: how long it is seen at most, in microseconds
  BindingTime time = BindingTime::kLoad;
  uint32_t request = kNoIndex;    // rules with a request argument: which request type
  uint32_t request_position = 0;  // ... and which argument it is
  bool synthetic = false;         // made by a pass; not to be shown to people
  /// Columns that stand in the text: all but those two of an event.
  size_t written() const { return columns.size() - (is_event ? 2 : 0); }
  uint32_t event_time() const { return static_cast<uint32_t>(columns.size() - 2); }
  uint32_t event_number() const { return static_cast<uint32_t>(columns.size() - 1); }
};

/// In a test, the time of an event that has none of its own: what `at` says where it is given.
inline constexpr int64_t kTimeOfTest = INT64_MIN;

/// Is a row of a base relation seen at `now`: its time is not over; an event is not of the future, and is kept yet.
bool is_seen(const RelationDecl& relation, const std::vector<Datum>& row, int64_t now);

struct ParamDecl {
  DeclInfo info;
  TypeId type = kErrorType;
  std::optional<Datum> value;  // without one, a parameter set or --param must give it
};

/// Two record types of the same fields are one (check_record.cc); it has the name that `type NAME = record { ... }` gave
/// it first, or none.
struct RecordDecl {
  DeclInfo info;
  std::vector<FieldDecl> fields;
  bool open = false;
};

struct RequestDecl {
  DeclInfo info;
  std::vector<FieldDecl> fields;
};

/// An obligation or a requirement.
struct SignatureDecl {
  DeclInfo info;
  std::vector<FieldDecl> params;
  bool blocking = false;
};

/// A standing rule: the host follows the rows of `relation`. When one has been there for `hold` it asks `entry`, and when
/// such a row is gone `exit`, each with the row for request, and carries out what they say.
struct WatchDecl {
  DeclInfo info;
  uint32_t relation = kNoIndex;
  uint32_t entry = kNoIndex, exit = kNoIndex;  // decisions
  int64_t hold = 0;                            // microseconds
};

struct Schema {
  TypeTable types;
  std::vector<EnumDecl> enums;
  std::vector<EntityDecl> entities;
  std::vector<RelationDecl> relations;
  std::vector<ParamDecl> params;
  std::vector<RecordDecl> records;
  std::vector<RequestDecl> requests;
  std::vector<SignatureDecl> obligations;
  std::vector<SignatureDecl> requirements;
  std::vector<WatchDecl> watches;
};

/// The type itself, or its element where it is optional.
inline TypeId base_type(const Schema& schema, TypeId type) {
  const Type& itself = schema.types[type];
  return itself.kind == TypeKind::kOptional ? itself.elem : type;
}
inline TypeKind base_kind(const Schema& schema, TypeId type) { return schema.types.kind(base_type(schema, type)); }

/// The entity type of a value that is an entity, of an entity type or of a union; kNoIndex of any other, and of none.
uint32_t entity_of(const Schema& schema, const Datum& value);

/// `User:ann`, or `User::"ann"` as Cedar has it, for a value of that union: the member and the id. A member is known by its
/// name, or by its name with the module. Nothing where it is no member's name, or that of two.
struct TypedId {
  uint32_t entity = kNoIndex;
  std::string_view id;
};
std::optional<TypedId> typed_id(const Schema& schema, TypeId union_type, std::string_view text);
/// The member of a union with that name, or kNoIndex.
uint32_t member_named(const Schema& schema, TypeId union_type, std::string_view name);

/// `set<Role>`, `int 1..4`, `Agent?`: as an author would write it.
std::string type_name(const Schema& schema, TypeId type);

/// A value as messages show it: decimals in shortest exact form, enum members by name, entities by id (`User:ann` in a union), durations in the
/// largest unit that is exact ("90s"), times in RFC 3339 with Z, sets as {a, b}, none as "none". Strings without quotes.
std::string show(const Schema& schema, const Datum& value);
/// The same as Lictor source: strings quoted, entities as Agent("a1").
std::string show_source(const Schema& schema, const Datum& value);

/// Canonical order of two values of one type: none first, numbers by size, strings and entity ids by bytes, enums by
/// ordinal, addresses by family, bytes and length, compounds element by element. Negative, zero, positive.
int compare(const Schema& schema, const Datum& a, const Datum& b);

}  // namespace lictor
