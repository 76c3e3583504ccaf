// Random values, facts and requests of a random program.
#include <algorithm>
#include <bit>
#include <cctype>
#include <map>

#include "compiler/literals.h"
#include "tests/differential/generate.h"

namespace lictor::testing {

namespace {

const int64_t kNumbers[] = {0, 1, 2, 3, 4, -1, 7, 100, INT64_MAX, INT64_MIN, INT64_MAX - 1, 4'000'000'000};

}  // namespace

Datum Generator::collection(const Schema& schema, const Type& type) {
  auto less = [&](const Datum& a, const Datum& b) { return compare(schema, a, b) < 0; };
  auto same = [&](const Datum& a, const Datum& b) { return compare(schema, a, b) == 0; };
  Datum out;
  std::vector<Datum> items;
  TypeId first = type.kind == TypeKind::kMap ? type.key : type.elem;
  for (int i = below(4); i > 0; --i) items.push_back(value(schema, first));
  if (type.kind != TypeKind::kList) {
    std::sort(items.begin(), items.end(), less);
    items.erase(std::unique(items.begin(), items.end(), same), items.end());
  }
  for (Datum& item : items) {
    out.items.push_back(std::move(item));
    if (type.kind == TypeKind::kMap) out.items.push_back(value(schema, type.elem));
  }
  return out;
}

Datum Generator::value(const Schema& schema, TypeId type) {
  Datum out;
  out.type = type;
  const Type& t = schema.types[type];
  switch (t.kind) {
    case TypeKind::kOptional:
      if (chance(30)) {
        out.none = true;
        return out;
      }
      out = value(schema, t.elem);
      out.type = type;
      return out;
    case TypeKind::kString:
      out.text = kStrings[below(7)];
      return out;
    case TypeKind::kIp:
      out.text = kAddresses[below(7)];
      return out;
    case TypeKind::kFloat:
      out.n = std::bit_cast<int64_t>(chance(90) ? below(1000) / 8.0 : 1e300);
      return out;
    case TypeKind::kClock:
      out.n = *parse_clock(std::to_string(below(10) + 10) + ":30");
      return out;
    case TypeKind::kEnum:
      out.n = below(static_cast<int>(schema.enums[t.decl].members.size()));
      return out;
    case TypeKind::kEntity: {
      char letter = static_cast<char>(std::tolower(schema.entities[t.decl].info.name[0]));
      out.text = std::string(1, letter) + std::to_string(below(4));
      return out;
    }
    case TypeKind::kUnion: {
      TypeId member = t.members[static_cast<size_t>(below(static_cast<int>(t.members.size())))];
      out = value(schema, member);
      out.type = type;
      out.n = schema.types[member].decl;
      return out;
    }
    case TypeKind::kRecord:
      for (TypeId field : std::vector<TypeId>(t.members)) {
        out.items.push_back(value(schema, field));
        Datum& item = out.items.back();
        bool least = !item.none && item.text.empty() && item.items.empty() && item.n == INT64_MIN;
        if (least) item.n = 0;  // a record never holds it
      }
      return out;
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap:
      out = collection(schema, t);
      out.type = type;
      return out;
    case TypeKind::kTime:  // about as often past as to come, and sometimes just now
      out.n = chance(90) ? now() : INT64_MAX;
      return out;
    case TypeKind::kDecimal:
      out.n = chance(90) ? below(40000) : kNumbers[below(12)];
      return out;
    default:
      out.n = t.ranged ? t.lo + below(static_cast<int>(t.hi - t.lo + 1)) : chance(85) ? below(5) : kNumbers[below(12)];
      return out;
  }
}

FactSet Generator::facts(const Program& program) {
  const Schema& schema = program.schema;
  FactSet out;
  out.entities.resize(schema.entities.size());
  out.rows.resize(schema.relations.size());
  for (uint32_t e = 0; e < schema.entities.size(); ++e) {
    char letter = static_cast<char>(std::tolower(schema.entities[e].info.name[0]));
    for (int i = 0; i < 4; ++i) {
      EntityFact fact;
      fact.id = std::string(1, letter) + std::to_string(i);
      for (const FieldDecl& field : schema.entities[e].attributes) fact.attributes.push_back(value(schema, field.type));
      for (uint32_t parent : schema.entities[e].parents) {
        char p = static_cast<char>(std::tolower(schema.entities[parent].info.name[0]));
        for (int k = 0; k < 4; ++k) {
          if (chance(30)) fact.parents.emplace_back(parent, std::string(1, p) + std::to_string(k));
        }
      }
      out.entities[e].push_back(std::move(fact));
    }
  }
  for (uint32_t r = 0; r < schema.relations.size(); ++r) {
    const RelationDecl& relation = schema.relations[r];
    if (relation.derived || relation.synthetic) continue;
    std::map<std::string, bool> keys;
    for (int i = 0, n = below(chance(30) ? 4 : 12); i < n; ++i) {
      std::vector<Datum> row;
      std::string key;
      for (const FieldDecl& column : relation.columns) row.push_back(value(schema, column.type));
      for (uint32_t k : relation.key) key += show_source(schema, row[k]) + ";";
      if (relation.key.empty() || keys.emplace(key, true).second) out.rows[r].push_back(std::move(row));
    }
  }
  return out;
}

std::vector<std::optional<Datum>> Generator::request(const Program& program, uint32_t decision) {
  const Schema& schema = program.schema;
  std::vector<std::optional<Datum>> out;
  for (const FieldDecl& field : schema.requests[program.decisions[decision].request].fields) {
    if (!field.mandatory(schema.types) && chance(25)) {
      out.push_back(std::nullopt);
      continue;
    }
    Datum v = value(schema, field.type);
    if (schema.types.kind(field.type) == TypeKind::kOptional && v.none)
      out.push_back(std::nullopt);
    else
      out.push_back(v);
  }
  return out;
}

int64_t Generator::now() { return 1'700'000'000'000'000 + below(1000) * 1'000'000ll; }

}  // namespace lictor::testing
