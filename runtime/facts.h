// Base facts: instances of entities and rows of relations as they were given, before anything is derived.
//
// A FactSet is a value: built from a plan's inline facts, from files, JSON or a test, then handed to Engine::publish().
// Every reader checks types, ranges, keys and unknown entities and reports all mistakes with file and line, or JSON path;
// after an error the set must be dropped (nothing is changed until publish). Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan.h"
#include "lictor/error.h"

namespace lictor {

struct EntityFact {
  std::string id;
  std::vector<Datum> attributes;                          // by attribute, defaults filled in
  std::vector<std::pair<uint32_t, std::string>> parents;  // entity type, id
};

/// Where the instances or rows of one list come from, from `first` on up to the next origin of the list.
struct FactOrigin {
  uint32_t number = 0;  // of the entity type or relation
  bool entity = false;
  size_t first = 0;
  std::string file;             // empty: the policy's text, in the order of the plan
  std::vector<uint32_t> lines;  // by instance or row; a very large file's are not all kept
};

struct FactSet {
  std::vector<std::vector<EntityFact>> entities;      // by entity type
  std::vector<std::vector<std::vector<Datum>>> rows;  // by relation
  std::vector<FactOrigin> origins;                    // of what came from texts and files, to name in mistakes
};

struct FactLimits {
  uint64_t max_file_bytes = 1ull << 30;
  uint64_t max_rows = 50'000'000;
  uint32_t max_string_bytes = 1u << 20;
};

/// The inline facts of the plan (inline instances and rows, synthetic tables).
FactSet inline_facts(const Plan& plan);

/// {"entities": {"Agent": {"a1": {...}}}, "relations": {"authority": [[...]]}}; adds to `into`. kInvalid with paths.
Result<void> add_json_facts(const Schema& schema, std::string_view json, std::string_view name, FactSet& into,
                            const FactLimits& limits = {});
/// CSV with a header row (RFC 4180; for entities the first column is `id`, optional column `in` names parents `Group:g1`
/// separated by `;`). An optional value is absent when the cell is empty and unquoted.
Result<void> add_csv_facts(const Schema& schema, uint32_t relation_or_entity, bool entity, std::string_view text,
                           std::string_view name, FactSet& into, const FactLimits& limits = {});
/// JSON Lines: one array (by position) or object (by column) per line; an entity's object has "id" and optional "in".
Result<void> add_jsonl_facts(const Schema& schema, uint32_t relation_or_entity, bool entity, std::string_view text,
                             std::string_view name, FactSet& into, const FactLimits& limits = {});
/// Reads every `from "file"` of the schema below `root` (paths that leave it are refused). Fails with the mistakes of all
/// files: kUnreadable where one cannot be read, else kInvalid. `sources`: the texts that the schema's spans are of.
/// `other_root`: the folder instead of `root` for what is declared at a span, or "".
Result<void> add_data_files(const Schema& schema, const std::string& root, FactSet& into, const FactLimits& limits = {},
                            const SourceMap* sources = nullptr,
                            const std::function<std::string(Span)>& other_root = {});
/// `--facts FILE`: by extension .json; .csv and .jsonl need a name equal to a relation or entity.
Result<void> add_facts_file(const Schema& schema, const std::string& path, FactSet& into,
                            const FactLimits& limits = {});

/// Whole-set checks: keys, duplicates (equal rows merge; equal keys with different values err), entities that are used
/// but unknown where the type is closed. Called by Engine::publish; callable earlier for better messages.
Result<void> check_facts(const Schema& schema, FactSet& facts);

}  // namespace lictor
