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

/// The data files that the declarations of a bundle name.
class DataFiles {
 public:
  DataFiles(const Schema& schema, const std::string& root, FactSet& into, const FactLimits& limits,
            const SourceMap* sources, const std::function<std::string(Span)>& other_root)
      : schema_(schema), root_(root), into_(into), limits_(limits), sources_(sources), other_root_(other_root) {}

  template <class Decl>
  void add(const Decl& decl, uint32_t number, bool entity) {
    if (decl.source != FactSource::kFile) return;
    std::string other;
    if (other_root_) other = other_root_(decl.from);
    std::string name = other.empty() ? decl.file : (fs::path(other) / decl.file).string();
    Result<fs::path> path = inside(other.empty() ? root_ : other, decl.file);
    Result<void> done = path ? add_text(schema_, number, entity, *path, name, into_, limits_)
                             : Result<void>(std::unexpected(std::move(path.error())));
    if (!done) note(std::move(done.error()), decl.from);
  }

  Result<void> result() {
    if (error_) return std::unexpected(std::move(*error_));
    return {};
  }

 private:
  /// Where a data file lies. Its path, links followed, must stay below the root, and a file must be there.
  Result<fs::path> inside(const std::string& root, const std::string& file) const {
    auto refused = [&](ErrorKind kind, std::string_view why) {
      Problems problems;
      problems.add(Diag::kFactsPath, {file, why});
      Error error = problems.error("a data file was refused");
      error.kind = kind;
      return std::unexpected(std::move(error));
    };
    fs::path relative(file);
    if (file.empty() || relative.is_absolute()) return refused(ErrorKind::kInvalid, "is not named by a relative path");
    std::error_code error;
    fs::path base = fs::weakly_canonical(root.empty() ? "." : root, error);
    if (error) return fail(ErrorKind::kUnreadable, "`" + root + "` cannot be read");
    fs::path path = fs::weakly_canonical(base / relative, error);
    if (error) return refused(ErrorKind::kUnreadable, "cannot be read");
    fs::path below = path.lexically_relative(base);
    if (below.empty() || *below.begin() == "..") return refused(ErrorKind::kInvalid, "leads out of the bundle");
    if (!fs::exists(path, error)) return refused(ErrorKind::kUnreadable, "does not exist");
    if (!fs::is_regular_file(path, error)) return refused(ErrorKind::kUnreadable, "is not a file");
    return path;
  }

  /// Joins mistakes; what lies outside of a file stands where the policy names the file.
  void note(Error error, Span from) {
    if (error.diagnostics.empty()) {
      Diagnostic& whole = error.diagnostics.emplace_back();
      whole.code = info(Diag::kFactsPath).code;
      whole.message = error.message;
    }
    for (Diagnostic& diagnostic : error.diagnostics) {
      if (diagnostic.place.file.empty() && sources_ && from.valid()) diagnostic.place = sources_->place(from);
    }
    if (!error_) {
      error_ = std::move(error);
      return;
    }
    if (error_->kind == ErrorKind::kInvalid) error_->kind = error.kind;
    error_->diagnostics.insert(error_->diagnostics.end(), error.diagnostics.begin(), error.diagnostics.end());
  }

  const Schema& schema_;
  const std::string& root_;
  FactSet& into_;
  const FactLimits& limits_;
  const SourceMap* sources_;
  const std::function<std::string(Span)>& other_root_;
  std::optional<Error> error_;
};

}  // namespace

Result<void> add_data_files(const Schema& schema, const std::string& root, FactSet& into, const FactLimits& limits,
                            const SourceMap* sources, const std::function<std::string(Span)>& other_root) {
  DataFiles files(schema, root, into, limits, sources, other_root);
  for (uint32_t i = 0; i < schema.entities.size(); ++i) files.add(schema.entities[i], i, true);
  for (uint32_t i = 0; i < schema.relations.size(); ++i) files.add(schema.relations[i], i, false);
  return files.result();
}

Result<void> add_facts_file(const Schema& schema, const std::string& path, FactSet& into, const FactLimits& limits) {
  fs::path file(path);
  if (file.extension() == ".json") {
    auto text = read_file(file, limits);
    if (!text) return std::unexpected(std::move(text.error()));
    return add_json_facts(schema, *text, path, into, limits);
  }
  if (file.extension() != ".csv" && file.extension() != ".jsonl")
    return fail(ErrorKind::kUsage, "`" + path + "`: facts are read from .json, .csv and .jsonl files");
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
