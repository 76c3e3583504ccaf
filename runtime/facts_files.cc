// Facts from files: what a bundle names, and what a command line adds.
#include <filesystem>
#include <fstream>

#include "runtime/facts_reader.h"

namespace lictor {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path, const FactLimits& limits) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    return fail(ErrorKind::kUnreadable,
                "`" + path.string() + "` " + (fs::exists(path, error) ? "is not a file" : "does not exist"));
  }
  uint64_t size = fs::file_size(path, error);
  if (!error && size > limits.max_file_bytes) {
    return fail(ErrorKind::kLimit, "`" + path.string() + "` has " + std::to_string(size) + " bytes, the limit is " +
                                       std::to_string(limits.max_file_bytes));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (!error) text.reserve(size);
  char block[65536];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    text.append(block, static_cast<size_t>(in.gcount()));
    if (text.size() > limits.max_file_bytes) return fail(ErrorKind::kLimit, "`" + path.string() + "` is too large");
  }
  if (!in.eof()) return fail(ErrorKind::kUnreadable, "`" + path.string() + "` cannot be read");
  return text;
}

Result<void> add_text(const Schema& schema, uint32_t number, bool entity, const fs::path& path, const std::string& name,
                      FactSet& into, const FactLimits& limits) {
  std::string extension = path.extension().string();
  if (extension != ".csv" && extension != ".jsonl") {
    return fail(ErrorKind::kUsage, "`" + name + "`: facts are read from .csv and .jsonl files");
  }
  auto text = read_file(path, limits);
  if (!text) return std::unexpected(std::move(text.error()));
  if (extension == ".csv") return add_csv_facts(schema, number, entity, *text, name, into, limits);
  return add_jsonl_facts(schema, number, entity, *text, name, into, limits);
}

/// Reads one data file of a bundle. Its path, links followed, must stay below the root.
Result<void> add_data_file(const Schema& schema, uint32_t number, bool entity, const std::string& file,
                           const std::string& root, FactSet& into, const FactLimits& limits) {
  auto outside = [&](std::string_view why) -> Result<void> {
    Problems problems;
    problems.add(Diag::kFactsPath, {file, why});
    return std::unexpected(problems.error("a data file was refused"));
  };
  fs::path relative(file);
  if (file.empty() || relative.is_absolute()) return outside("is not named by a relative path");
  std::error_code error;
  fs::path base = fs::weakly_canonical(root.empty() ? "." : root, error);
  if (error) return fail(ErrorKind::kUnreadable, "`" + root + "` cannot be read");
  fs::path path = fs::weakly_canonical(base / relative, error);
  if (error) return fail(ErrorKind::kUnreadable, "`" + file + "` cannot be read");
  fs::path inside = path.lexically_relative(base);
  if (inside.empty() || *inside.begin() == "..") return outside("leads out of the bundle");
  return add_text(schema, number, entity, path, file, into, limits);
}

void take(Result<void> result, std::optional<Error>& into) {
  if (result) return;
  if (!into) {
    into = std::move(result.error());
    return;
  }
  if (into->kind != ErrorKind::kInvalid) return;  // the first failure of the surroundings stands
  if (result.error().kind != ErrorKind::kInvalid) {
    into = std::move(result.error());
    return;
  }
  auto& more = result.error().diagnostics;
  into->diagnostics.insert(into->diagnostics.end(), more.begin(), more.end());
}

}  // namespace

Result<void> add_data_files(const Schema& schema, const std::string& root, FactSet& into, const FactLimits& limits) {
  std::optional<Error> error;
  for (uint32_t i = 0; i < schema.entities.size(); ++i) {
    const EntityDecl& decl = schema.entities[i];
    if (decl.source == FactSource::kFile) take(add_data_file(schema, i, true, decl.file, root, into, limits), error);
  }
  for (uint32_t i = 0; i < schema.relations.size(); ++i) {
    const RelationDecl& decl = schema.relations[i];
    if (decl.source == FactSource::kFile) take(add_data_file(schema, i, false, decl.file, root, into, limits), error);
  }
  if (error) return std::unexpected(std::move(*error));
  return {};
}

Result<void> add_facts_file(const Schema& schema, const std::string& path, FactSet& into, const FactLimits& limits) {
  fs::path file(path);
  if (file.extension() == ".json") {
    auto text = read_file(file, limits);
    if (!text) return std::unexpected(std::move(text.error()));
    return add_json_facts(schema, *text, path, into, limits);
  }
  std::string name = file.stem().string();
  uint32_t relation = find_relation(schema, name);
  uint32_t entity = find_entity(schema, name);
  if (relation == kNoIndex && entity == kNoIndex) {
    std::vector<std::string> known = relation_names(schema);
    auto types = entity_names(schema);
    known.insert(known.end(), types.begin(), types.end());
    std::string hint = relation_hint(schema, name);
    if (!hint.starts_with("write")) {
      hint = entity_hint(schema, name);
      if (!hint.starts_with("write")) hint = did_you_mean(name, known);
    }
    return fail(ErrorKind::kNotFound, "`" + path + "`: there is no relation or entity type `" + name + "`" +
                                          (hint.empty() ? "" : "; " + hint));
  }
  bool is_entity = relation == kNoIndex;
  return add_text(schema, is_entity ? entity : relation, is_entity, file, path, into, limits);
}

}  // namespace lictor
