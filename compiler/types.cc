// Interning: types are found by the hash of their parts; those without parts keep the fixed ids of types.h.
#include "compiler/types.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace lictor {
namespace {

uint64_t mix(uint64_t seed, uint64_t word) {
  seed ^= word + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2);
  return seed * 0xff51afd7ed558ccdULL;
}

uint64_t hash_of(const Type& type) {
  uint64_t hash = mix(static_cast<uint64_t>(type.kind), type.decl);
  hash = mix(mix(hash, type.elem), type.key);
  hash = mix(mix(hash, static_cast<uint64_t>(type.lo)), static_cast<uint64_t>(type.hi));
  for (TypeId member : type.members) hash = mix(hash, member);
  return hash;
}

}  // namespace

TypeTable::TypeTable() {
  constexpr TypeKind kSimple[] = {TypeKind::kError,    TypeKind::kNone,  TypeKind::kBool,   TypeKind::kInt,
                                  TypeKind::kDecimal,  TypeKind::kFloat, TypeKind::kString, TypeKind::kTime,
                                  TypeKind::kDuration, TypeKind::kIp,    TypeKind::kDigest, TypeKind::kGlob,
                                  TypeKind::kRegex,    TypeKind::kClock, TypeKind::kDate,   TypeKind::kCivil};
  for (TypeKind kind : kSimple) {
    Type type;
    type.kind = kind;
    intern(type);
  }
  // INVARIANT: the fixed ids of types.h.
  assert(types_.size() == kCivilType + 1 && kind(kStringType) == TypeKind::kString);
}

TypeId TypeTable::intern(const Type& type) {
  std::vector<TypeId>& candidates = by_hash_[hash_of(type)];
  for (TypeId id : candidates) {
    if (types_[id] == type) return id;
  }
  auto id = static_cast<TypeId>(types_.size());
  types_.push_back(type);
  candidates.push_back(id);
  return id;
}

TypeId TypeTable::optional_of(TypeId elem) {
  if (kind(elem) == TypeKind::kOptional || kind(elem) == TypeKind::kError) return elem;
  Type type;
  type.kind = TypeKind::kOptional;
  type.elem = elem;
  return intern(type);
}

TypeId TypeTable::set_of(TypeId elem) {
  Type type;
  type.kind = TypeKind::kSet;
  type.elem = elem;
  return intern(type);
}

TypeId TypeTable::list_of(TypeId elem) {
  Type type;
  type.kind = TypeKind::kList;
  type.elem = elem;
  return intern(type);
}

TypeId TypeTable::map_of(TypeId key, TypeId elem) {
  Type type;
  type.kind = TypeKind::kMap;
  type.key = key;
  type.elem = elem;
  return intern(type);
}

namespace {

Type declared(TypeKind kind, uint32_t decl) {
  Type type;
  type.kind = kind;
  type.decl = decl;
  return type;
}

}  // namespace

TypeId TypeTable::enum_type(uint32_t decl) { return intern(declared(TypeKind::kEnum, decl)); }
TypeId TypeTable::entity_type(uint32_t decl) { return intern(declared(TypeKind::kEntity, decl)); }
std::optional<TypeId> TypeTable::find_entity_type(uint32_t decl) const {
  Type type = declared(TypeKind::kEntity, decl);
  auto it = by_hash_.find(hash_of(type));
  if (it == by_hash_.end()) return std::nullopt;
  for (TypeId id : it->second) {
    if (types_[id] == type) return id;
  }
  return std::nullopt;
}
TypeId TypeTable::request_type(uint32_t decl) { return intern(declared(TypeKind::kRequest, decl)); }
TypeId TypeTable::record_type(uint32_t decl, std::vector<TypeId> fields) {
  Type type = declared(TypeKind::kRecord, decl);
  type.members = std::move(fields);
  return intern(type);
}

TypeId TypeTable::union_of(std::vector<TypeId> members) {
  Type type;
  type.kind = TypeKind::kUnion;
  for (TypeId member : members) {
    const Type& of = types_[member];
    if (of.kind == TypeKind::kUnion)
      type.members.insert(type.members.end(), of.members.begin(), of.members.end());
    else
      type.members.push_back(member);
  }
  std::ranges::sort(type.members, {}, [&](TypeId member) { return types_[member].decl; });
  auto twice = std::ranges::unique(type.members);
  type.members.erase(twice.begin(), twice.end());
  return type.members.size() == 1 ? type.members[0] : intern(type);
}

TypeId TypeTable::ranged(TypeId base, int64_t lo, int64_t hi) {
  Type type = types_[strip_range(base)];
  type.ranged = true;
  type.lo = lo;
  type.hi = hi;
  return intern(type);
}

TypeId TypeTable::strip_range(TypeId id) {
  if (kind(id) == TypeKind::kOptional) return optional_of(strip_range(types_[id].elem));
  if (!types_[id].ranged) return id;
  Type type = types_[id];
  type.ranged = false;
  type.lo = INT64_MIN;
  type.hi = INT64_MAX;
  return intern(type);
}

}  // namespace lictor
