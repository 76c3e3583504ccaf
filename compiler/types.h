// Types, interned: two equal types have one TypeId, so equality is a comparison of numbers.
//
// Every value of every type is one 64-bit word at run time (docs/architecture.md, "Words"):
//   bool 0/1 | int | decimal times 10,000 | float bits (never NaN, never -0) | string, ip, digest, glob,
//   regex: symbol id | time, duration, clock (since midnight), date (its midnight): microseconds
//   enum: ordinal | entity: (entity index << 32) | number of the instance, from 1 | set, list, map, record: id of an
//   immutable interned compound | T?: the word of T, or kNoneWord.
// kNoneWord is INT64_MIN, so an `int?` cannot hold -2^63: making one is an overflow error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lictor {

using TypeId = uint32_t;
inline constexpr int64_t kNoneWord = INT64_MIN;
inline constexpr int64_t kDecimalScale = 10'000;

enum class TypeKind : uint8_t {
  kError,  // after a reported mistake; compatible with everything, so that one mistake gives one diagnostic
  kNone,   // the type of `none` before a type is expected
  kBool,
  kInt,
  kDecimal,
  kFloat,
  kString,
  kTime,
  kDuration,
  kIp,
  kDigest,
  kGlob,
  kRegex,
  kClock,
  kDate,
  kCivil,    // of an expression only, never of a value: `civil(t, zone)`, of which fields are taken (civil.h)
  kEnum,     // decl: index in Schema::enums
  kEntity,   // decl: index in Schema::entities
  kRequest,  // decl: index in Schema::requests; only parameters have it, never a column
  kOptional,
  kSet,
  kList,    // elem
  kMap,     // key, elem
  kRecord,  // decl: index in Schema::records
  kUnion,   // members (entity types)
};

struct Type {
  TypeKind kind = TypeKind::kError;
  uint32_t decl = 0;
  TypeId elem = 0;
  TypeId key = 0;
  bool ranged = false;  // int, decimal, time, duration, clock, date: lo..hi, inclusive, as words
  int64_t lo = INT64_MIN;
  int64_t hi = INT64_MAX;
  std::vector<TypeId> members;  // kUnion; kRecord: of its fields
  bool operator==(const Type&) const = default;
};

/// Interns types. Ids 0.. of the kinds without parts are fixed below.
class TypeTable {
 public:
  TypeTable();
  TypeId intern(const Type& type);
  const Type& operator[](TypeId id) const { return types_[id]; }
  TypeKind kind(TypeId id) const { return types_[id].kind; }
  TypeId optional_of(TypeId elem);  // T?? is T?
  TypeId set_of(TypeId elem);
  TypeId list_of(TypeId elem);
  TypeId map_of(TypeId key, TypeId elem);
  TypeId enum_type(uint32_t decl);
  TypeId entity_type(uint32_t decl);
  /// Nothing where it was never interned; a schema's table has every entity's.
  std::optional<TypeId> find_entity_type(uint32_t decl) const;
  TypeId request_type(uint32_t decl);
  TypeId record_type(uint32_t decl, std::vector<TypeId> fields);
  /// Of entity types and unions; in the order of their declarations, each once. One alone is that type itself.
  TypeId union_of(std::vector<TypeId> members);
  TypeId ranged(TypeId base, int64_t lo, int64_t hi);
  /// The type without its range; of T? the type T? with T stripped.
  TypeId strip_range(TypeId id);
  uint32_t size() const { return static_cast<uint32_t>(types_.size()); }

 private:
  std::vector<Type> types_;
  std::unordered_map<uint64_t, std::vector<TypeId>> by_hash_;
};

inline constexpr TypeId kErrorType = 0, kNoneType = 1, kBoolType = 2, kIntType = 3, kDecimalType = 4, kFloatType = 5,
                        kStringType = 6, kTimeType = 7, kDurationType = 8, kIpType = 9, kDigestType = 10,
                        kGlobType = 11, kRegexType = 12, kClockType = 13, kDateType = 14, kCivilType = 15;

/// A constant as the compiler and people know it: independent of symbol ids.
struct Datum {
  TypeId type = kErrorType;
  bool none = false;  // of an optional type
  int64_t n = 0;      // bool, int, decimal, float, time, duration, clock, date, enum: the word; union: the entity type
  std::string text;   // string, glob, regex, ip, digest: the text; entity, union: its id
  std::vector<Datum> items;  // set (sorted, distinct), list; map k0 v0 k1 v1 (sorted by key); record fields
  bool operator==(const Datum&) const = default;
};

}  // namespace lictor
