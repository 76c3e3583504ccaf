#include "runtime/facts_reader.h"

#include <algorithm>

namespace lictor {

// ---- DatumSink ------------------------------------------------------------------------------------------------------

Datum DatumSink::word(TypeId type, int64_t word) {
  Datum out;
  out.type = type;
  out.n = word;
  return out;
}

Datum DatumSink::text(TypeId type, std::string_view text) {
  Datum out;
  out.type = type;
  out.text = text;
  return out;
}

std::optional<Datum> DatumSink::entity(TypeId type, std::string_view id, const JsonPath&) { return text(type, id); }

std::optional<Datum> DatumSink::entity_object(TypeId type, ondemand::object& object, const JsonPath& path, bool) {
  JsonValues<DatumSink> reader(reading_, *this);
  std::vector<FieldDecl> fields(2);
  fields[0].name = fields[0].wire = "id";
  fields[1].name = fields[1].wire = "type";
  std::optional<Datum> id;
  bool ok = true;
  auto visit = [&](size_t index, ondemand::value value, const JsonPath& at) {
    if (index == 1) return;
    id = reader.read(value, kStringType, at);
    ok = id && JsonValues<DatumSink>::check_id(reading_, id->text, at);
  };
  auto unknown = [&](std::string_view name, ondemand::value, const JsonPath& at) {
    ok = false;
    reading_.report_at(Mistake::kUnknown, path, at, {"member", name}, did_you_mean(name, {"id", "type"}));
    return true;
  };
  std::vector<bool> seen;
  if (!reader.members(object, fields, path, seen, visit, unknown) || !ok) return std::nullopt;
  if (!id) return reader.mistake(Mistake::kMissing, path.member("id"), {"`id`"});
  return text(type, id->text);
}

Datum DatumSink::some(TypeId type, Datum value) {
  value.type = type;
  return value;
}

Datum DatumSink::none(TypeId type) {
  Datum out;
  out.type = type;
  out.none = true;
  return out;
}

Datum DatumSink::constant(TypeId type, const Datum& value) {
  Datum out = value;
  out.type = type;
  return out;
}

Datum DatumSink::list(TypeId type, std::vector<Datum> items) {
  Datum out;
  out.type = type;
  out.items = std::move(items);
  return out;
}

Datum DatumSink::set(TypeId type, std::vector<Datum> items) {
  std::sort(items.begin(), items.end(), [&](const Datum& a, const Datum& b) { return compare(schema_, a, b) < 0; });
  auto same = [&](const Datum& a, const Datum& b) { return compare(schema_, a, b) == 0; };
  items.erase(std::unique(items.begin(), items.end(), same), items.end());
  return list(type, std::move(items));
}

std::optional<Datum> DatumSink::map(TypeId type, std::vector<Datum> pairs, const JsonPath& path) {
  std::vector<size_t> order;
  for (size_t i = 0; i + 1 < pairs.size(); i += 2) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return compare(schema_, pairs[a], pairs[b]) < 0; });
  std::vector<Datum> items;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && compare(schema_, pairs[order[i - 1]], pairs[order[i]]) == 0) {
      reading_.report(Mistake::kTwice, path, {"the key `" + show(schema_, pairs[order[i]]) + "`"});
      return std::nullopt;
    }
  }
  for (size_t at : order) {
    items.push_back(std::move(pairs[at]));
    items.push_back(std::move(pairs[at + 1]));
  }
  return list(type, std::move(items));
}

bool DatumSink::has_key(const Datum& map, int64_t key) const {
  for (size_t i = 0; i < map.items.size(); i += 2) {
    if (map.items[i].n == key) return true;
  }
  return false;
}

// ---- Names ----------------------------------------------------------------------------------------------------------

namespace {

template <class Decl>
uint32_t find_named(const std::vector<Decl>& decls, std::string_view name) {
  uint32_t found = kNoIndex;
  bool several = false;
  for (uint32_t i = 0; i < decls.size(); ++i) {
    if (decls[i].info.qualified() == name) return i;
    if (decls[i].info.name != name) continue;
    several = found != kNoIndex;
    found = i;
  }
  return several ? kNoIndex : found;
}

/// Of a name that is not found: the full names of those that share it, or the nearest name.
template <class Decls>
std::string hint_for(const Decls& decls, std::string_view name, const std::vector<std::string>& known) {
  std::string out;
  for (const auto& decl : decls) {
    if (decl.info.name == name) out += (out.empty() ? "write `" : " or `") + decl.info.qualified() + "`";
  }
  return out.empty() ? did_you_mean(name, known) : out;
}

}  // namespace

uint32_t find_relation(const Schema& schema, std::string_view name) {
  uint32_t found = find_named(schema.relations, name);
  return found != kNoIndex && schema.relations[found].synthetic ? kNoIndex : found;
}
uint32_t find_entity(const Schema& schema, std::string_view name) { return find_named(schema.entities, name); }

std::vector<std::string> relation_names(const Schema& schema) {
  std::vector<std::string> names;
  for (const RelationDecl& decl : schema.relations) {
    if (!decl.synthetic) names.push_back(decl.info.name);
  }
  return names;
}

std::vector<std::string> entity_names(const Schema& schema) {
  std::vector<std::string> names;
  for (const EntityDecl& decl : schema.entities) names.push_back(decl.info.name);
  return names;
}

std::string relation_hint(const Schema& schema, std::string_view name) {
  return hint_for(schema.relations, name, relation_names(schema));
}
std::string entity_hint(const Schema& schema, std::string_view name) {
  return hint_for(schema.entities, name, entity_names(schema));
}

uint64_t fact_count(const FactSet& facts) {
  uint64_t count = 0;
  for (const auto& list : facts.entities) count += list.size();
  for (const auto& list : facts.rows) count += list.size();
  return count;
}

void fit(const Schema& schema, FactSet& facts) {
  facts.entities.resize(std::max(facts.entities.size(), schema.entities.size()));
  facts.rows.resize(std::max(facts.rows.size(), schema.relations.size()));
}

// ---- FactTarget -----------------------------------------------------------------------------------------------------

FactTarget::FactTarget(Reading& reading, FactSet& into, uint32_t number, bool entity, const FactLimits& limits)
    : reading_(reading),
      schema_(reading.schema),
      into_(into),
      origin_(into.origins.size()),
      number_(number),
      entity_(entity),
      limits_(limits),
      sink_(reading),
      values_(reading, sink_) {
  if (!entity && relation_decl().is_event) {
    event_columns_ = relation_decl().columns;
    event_columns_.pop_back();
  }
  size_t first = entity ? into.entities[number].size() : into.rows[number].size();
  into.origins.push_back({number, entity, first, reading.file, {}});
}

bool FactTarget::may_be_given(const JsonPath& where) {
  if (entity_) return true;
  const RelationDecl& decl = relation_decl();
  bool given = !decl.sealed && (decl.source != FactSource::kNone || !decl.derived);
  if (!given) reading_.problems.add(Diag::kFactsDerived, {prefix(where), decl.info.name}, reading_.place(where));
  return given;
}

bool FactTarget::full(const JsonPath& where) {
  uint64_t count = entity_ ? into_.entities[number_].size() : into_.rows[number_].size();
  if (count < limits_.max_rows) return false;
  reading_.report(
      Mistake::kLimit, where,
      {"`" + name() + "` has more than " + std::to_string(count) + " rows", std::to_string(limits_.max_rows)});
  return true;
}

void FactTarget::note_line() {
  constexpr size_t kMostLines = 1'000'000;
  std::vector<uint32_t>& lines = into_.origins[origin_].lines;
  if (lines.size() < kMostLines) lines.push_back(reading_.line);
}

void FactTarget::add_row(std::vector<Datum> values) {
  note_line();
  if (relation_decl().is_event) values.push_back(DatumSink::word(kIntType, 0));  // numbered when facts are published
  into_.rows[number_].push_back(std::move(values));
}
void FactTarget::add_instance(EntityFact fact) {
  note_line();
  into_.entities[number_].push_back(std::move(fact));
}

void FactTarget::read_json(ondemand::value value, const JsonPath& path, std::optional<std::string_view> id) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) {
    values_.broken(error, path);
    return;
  }
  if (type == ondemand::json_type::array && !entity_) return read_array(value, path);
  if (type == ondemand::json_type::object) return read_object(value, path, id);
  reading_.report(Mistake::kType, path, {entity_ ? "an object" : "an array or an object", json_found(value)});
}

void FactTarget::read_array(ondemand::value& value, const JsonPath& path) {
  ondemand::array array;
  if (auto error = value.get_array().get(array)) {
    values_.broken(error, path);
    return;
  }
  const auto& columns = fields();
  std::vector<Datum> row;
  size_t count = 0;
  bool ok = true;
  for (auto one : array) {
    JsonPath at = path.element(static_cast<int64_t>(count));
    ondemand::value item;
    if (auto error = std::move(one).get(item)) {
      values_.broken(error, at);
      return;
    }
    if (count < columns.size()) {
      auto read = values_.read(item, columns[count].type, at);
      if (values_.is_broken()) return;
      ok = ok && read;
      if (read) row.push_back(std::move(*read));
    }
    ++count;
  }
  if (!ok) return;
  while (count < columns.size() && !columns[count].mandatory(schema_.types)) {
    row.push_back(*values_.absent(columns[count++], path));
  }
  if (count != columns.size()) {
    reading_.report(Mistake::kCount, path, {counted(columns.size(), "value"), std::to_string(count)});
    return;
  }
  add_row(std::move(row));
}

void FactTarget::read_object(ondemand::value& value, const JsonPath& path, std::optional<std::string_view> id) {
  ondemand::object object;
  if (auto error = value.get_object().get(object)) {
    values_.broken(error, path);
    return;
  }
  const auto& declared = fields();
  EntityFact fact;
  if (id) fact.id = *id;
  bool ok = true;
  bool has_id = id.has_value();
  bool has_parents = false;
  std::vector<std::optional<Datum>> found(declared.size());
  std::vector<bool> seen;
  auto visit = [&](size_t index, ondemand::value item, const JsonPath& at) {
    // `a?.f` is an optional, whatever f is
    found[index] =
        entity_ ? values_.read_optional(item, declared[index].type, at) : values_.read(item, declared[index].type, at);
    ok = ok && found[index];
  };
  auto other = [&](std::string_view key, ondemand::value item, const JsonPath& at) {
    if (entity_ && key == "id" && !id) {
      auto text = values_.read(item, kStringType, at);
      if (has_id) values_.mistake(Mistake::kTwice, at, {"it"});
      ok = ok && text && !has_id && values_.check_id(reading_, text->text, at);
      if (text) fact.id = text->text;
      has_id = true;
    } else if (entity_ && key == "in") {
      if (has_parents) values_.mistake(Mistake::kTwice, at, {"it"});
      ok = !has_parents && read_parents(fact, item, at) && ok;
      has_parents = true;
    } else {
      ok = false;
      reading_.report_at(Mistake::kUnknown, path, at, {entity_ ? "attribute" : "column", key},
                         did_you_mean(key, values_.wires(declared)));
    }
    return !values_.is_broken();
  };
  if (!values_.members(object, declared, path, seen, visit, other)) return;
  std::vector<Datum> row;
  for (size_t i = 0; i < declared.size(); ++i) {
    if (!seen[i]) found[i] = values_.absent(declared[i], path);
    if (!found[i]) ok = false;
    if (ok) row.push_back(std::move(*found[i]));
  }
  if (entity_ && !has_id) values_.mistake(Mistake::kMissing, path, {"`id`"});
  if (!ok || (entity_ && !has_id)) return;
  if (!entity_) return add_row(std::move(row));
  fact.attributes = std::move(row);
  add_instance(std::move(fact));
}

bool FactTarget::add_parent(EntityFact& fact, std::string_view type, std::string_view id, const JsonPath& path) {
  const EntityDecl& decl = entity_decl();
  std::vector<std::string> names;
  for (uint32_t parent : decl.parents) {
    const EntityDecl& candidate = schema_.entities[parent];
    names.push_back(candidate.info.name);
    if (candidate.info.name != type && candidate.info.qualified() != type) continue;
    if (!values_.check_id(reading_, id, path)) return false;
    fact.parents.emplace_back(parent, id);
    return true;
  }
  reading_.problems.add(Diag::kFactsHierarchy, {prefix(path), decl.info.name, type}, reading_.place(path),
                        did_you_mean(type, names));
  return false;
}

bool FactTarget::add_parent(EntityFact& fact, std::string_view text, const JsonPath& path) {
  const EntityDecl& decl = entity_decl();
  if (decl.parents.size() == 1) {
    const std::string& only = schema_.entities[decl.parents[0]].info.name;
    if (text.starts_with(only + ":")) text.remove_prefix(only.size() + 1);
    // An id may hold a colon; but what stands before it is not taken for a part of the id where it names a type.
    else if (size_t colon = text.find(':');
             colon != std::string_view::npos && find_entity(schema_, text.substr(0, colon)) != kNoIndex)
      return add_parent(fact, text.substr(0, colon), text.substr(colon + 1), path);
    return add_parent(fact, only, text, path);
  }
  size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    reading_.report(Mistake::kType, path, {"a parent such as `Group:g1`", quote(text)});
    return false;
  }
  return add_parent(fact, text.substr(0, colon), text.substr(colon + 1), path);
}

/// {"Group": ["g1"]}, or ["Group:g1"]
bool FactTarget::read_parents(EntityFact& fact, ondemand::value value, const JsonPath& path) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return !!values_.broken(error, path);
  if (type != ondemand::json_type::object) return read_parent_list(value, path, fact, std::nullopt);
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return !!values_.broken(error, path);
  bool ok = true;
  std::vector<std::string> seen;
  for (auto one : object) {
    ondemand::field field;
    if (auto error = std::move(one).get(field)) return !!values_.broken(error, path);
    std::string_view name;
    if (auto error = field.unescaped_key().get(name)) return !!values_.broken(error, path);
    JsonPath at = path.member(name);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) ok = !!values_.mistake(Mistake::kTwice, at, {"it"});
    seen.emplace_back(name);
    ok = read_parent_list(field.value(), at, fact, name) && ok;
    if (values_.is_broken()) return false;
  }
  return ok;
}

bool FactTarget::read_parent_list(ondemand::value value, const JsonPath& path, EntityFact& fact,
                                  std::optional<std::string_view> type) {
  ondemand::json_type found;
  if (auto error = value.type().get(found)) return !!values_.broken(error, path);
  if (found != ondemand::json_type::array) {
    return !!values_.mistake(Mistake::kType, path, {"an array of ids", json_found(value)});
  }
  ondemand::array array;
  if (auto error = value.get_array().get(array)) return !!values_.broken(error, path);
  bool ok = true;
  int64_t index = 0;
  for (auto one : array) {
    JsonPath at = path.element(index++);
    ondemand::value item;
    if (auto error = std::move(one).get(item)) return !!values_.broken(error, at);
    auto text = values_.read(item, kStringType, at);
    if (values_.is_broken()) return false;
    ok = text && (type ? add_parent(fact, *type, text->text, at) : add_parent(fact, text->text, at)) && ok;
  }
  return ok;
}

}  // namespace lictor
