// Walking the folder of a bundle by hand, because hidden entries and links need care: a link to a folder is never
// followed (no loops), a link to a file only while it stays below the root.
#include "host/bundle_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "grammar/diagnostics.h"
#include "host/dependencies.h"
#include "host/lock_file.h"

namespace lictor {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
  return fail(ErrorKind::kUnreadable, "`" + path + "` cannot be read: " + why);
}

class Walk {
 public:
  Walk(fs::path root, const LoadOptions& options, const std::set<std::string>& leave_out)
      : root_(std::move(root)), options_(options), leave_out_(leave_out) {}

  Result<void> folder(const fs::path& path, uint32_t depth) {
    if (depth > options_.limits.max_depth) {
      return fail(ErrorKind::kLimit, "`" + path.string() + "` lies more than " +
                                         std::to_string(options_.limits.max_depth) +
                                         " folders below the bundle's root");
    }
    std::error_code error;
    fs::directory_iterator entries(path, error);
    if (error) return unreadable(path.string(), error.message());
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      if (auto done = entry(*entries, depth); !done) return done;
    }
    if (error) return unreadable(path.string(), error.message());
    return {};
  }

  std::vector<fs::path> files;

 private:
  Result<void> entry(const fs::directory_entry& entry, uint32_t depth) {
    std::string name = entry.path().filename().string();
    std::error_code error;
    if (name.starts_with('.')) return {};
    if (entry.is_directory(error) && !entry.is_symlink(error)) {
      if (!leave_out_.empty() && leave_out_.contains(fs::canonical(entry.path(), error).string())) return {};
      return folder(entry.path(), depth + 1);
    }
    if (!name.ends_with(".lictor") || (!options_.tests && name.ends_with("_test.lictor"))) return {};
    if (!entry.is_regular_file(error)) return {};
    if (entry.is_symlink(error) && !path_below(root_.string(), fs::relative(entry.path(), root_, error).string()))
      return {};
    if (files.size() >= options_.limits.max_files) {
      return fail(ErrorKind::kLimit,
                  "the bundle has more than " + std::to_string(options_.limits.max_files) + " files");
    }
    files.push_back(entry.path());
    return {};
  }

  fs::path root_;
  const LoadOptions& options_;
  const std::set<std::string>& leave_out_;
};

class Reader {
 public:
  explicit Reader(const BundleLimits& limits) : limits_(limits) {}

  Result<SourceText> read(const std::string& path) {
    auto text = read_whole_file(path, limits_.max_file_bytes);
    if (!text) return std::unexpected(with_code(std::move(text.error()), path));
    total_ += text->size();
    if (total_ > limits_.max_total_bytes) {
      return fail(ErrorKind::kLimit, "the bundle has more than " + std::to_string(limits_.max_total_bytes) + " bytes");
    }
    return SourceText{path, std::move(*text)};
  }

 private:
  /// A file that is too large has a diagnostic: the one that the parser gives for a text that never was a file.
  static Error with_code(Error error, const std::string& path) {
    if (error.kind != ErrorKind::kLimit) return error;
    Diagnostic diagnostic;
    diagnostic.code = info(Diag::kFileTooLarge).code;
    diagnostic.message = error.message;
    diagnostic.place.file = path;
    diagnostic.hints.emplace_back(info(Diag::kFileTooLarge).help);
    error.diagnostics.push_back(std::move(diagnostic));
    return error;
  }

  const BundleLimits& limits_;
  uint64_t total_ = 0;
};

/// kInvalid with what is wrong, where the dependencies are not what lictor.lock says.
Result<void> check_lock(const std::string& root, const Dependencies& dependencies, const BundleLimits& limits) {
  std::string path = (fs::path(root) / kLockName).lexically_normal().string(), command = "lictor lock -b " + root;
  auto refused = [&](std::vector<Diagnostic> found) -> Result<void> {
    return fail(ErrorKind::kInvalid, "the dependencies of `" + root + "` are not what lictor.lock says",
                std::move(found));
  };
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) {
    Diagnostic missing;
    missing.code = info(Diag::kLockMissing).code;
    missing.message = info(Diag::kLockMissing).text;
    missing.place = dependencies.named;
    missing.hints.push_back("run `" + command + "`");
    return refused({std::move(missing)});
  }
  auto text = read_whole_file(path, limits.max_file_bytes);
  if (!text) return std::unexpected(std::move(text.error()));
  LockFile lock = read_lock({path, std::move(*text)});
  if (!lock.diagnostics.empty()) return refused(std::move(lock.diagnostics));
  std::vector<Diagnostic> found = lock_differences(dependencies, lock, path, command);
  if (!found.empty()) return refused(std::move(found));
  return {};
}

/// Fills in `dependencies` or `diagnostics`; gives the folders that are bundles of their own.
Result<std::set<std::string>> read_dependencies(BundleFiles& files, const LoadOptions& options) {
  if (!files.config) return {};
  auto found = find_dependencies(files.root, *files.config, options);
  if (!found) return std::unexpected(std::move(found.error()));
  files.diagnostics = std::move(found->diagnostics);
  if (!files.diagnostics.empty()) return std::move(found->folders);
  if (found->dependencies.all.empty()) return {};
  if (options.lock) {
    if (auto done = check_lock(files.root, found->dependencies, options.limits); !done)
      return std::unexpected(std::move(done.error()));
  }
  files.dependencies = std::make_shared<const Dependencies>(std::move(found->dependencies));
  return std::move(found->folders);
}

Result<BundleFiles> read_folder(const std::string& path, const LoadOptions& options) {
  auto config = read_config_text(path, options.limits);
  if (!config) return std::unexpected(std::move(config.error()));
  BundleFiles files{.root = path, .policies = {}, .config = std::move(*config)};
  auto others = read_dependencies(files, options);
  if (!others) return std::unexpected(std::move(others.error()));
  auto policies = read_policies(path, options, *others);
  if (!policies) return std::unexpected(std::move(policies.error()));
  files.policies = std::move(*policies);
  return files;
}

Result<BundleFiles> read_named(std::span<const std::string> paths, const LoadOptions& options) {
  fs::path parent = fs::path(paths[0]).parent_path();
  BundleFiles files{.root = parent.empty() ? "." : parent.string(), .policies = {}, .config = {}};
  Reader reader(options.limits);
  std::set<fs::path> known;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error))
      return fail(ErrorKind::kUsage, "`" + path + "` is a folder; name one folder, or files only");
    std::string extension = fs::path(path).extension().string();
    for (std::string_view other : {".csv", ".json", ".jsonl", ".toml"}) {
      if (extension == other)
        return fail(ErrorKind::kUsage, "`" + path + "` is no policy; name .lictor files, or the bundle's folder");
    }
    if (!known.insert(fs::weakly_canonical(path, error)).second) continue;  // the same file again
    auto text = reader.read(path);
    if (!text) return std::unexpected(std::move(text.error()));
    files.policies.push_back(std::move(*text));
  }
  return files;
}

}  // namespace

Result<std::optional<SourceText>> read_config_text(const std::string& folder, const BundleLimits& limits) {
  std::string config = (fs::path(folder) / "lictor.toml").string();
  std::error_code error;
  if (!fs::exists(config, error)) return std::nullopt;
  if (!path_below(folder, "lictor.toml"))
    return unreadable(config, "it is a link that leads out of the bundle's folder");
  auto text = Reader(limits).read(config);
  if (!text) return std::unexpected(std::move(text.error()));
  return std::move(*text);
}

Result<std::vector<SourceText>> read_policies(const std::string& folder, const LoadOptions& options,
                                              const std::set<std::string>& leave_out) {
  std::error_code error;
  Walk walk(fs::canonical(folder, error), options, leave_out);
  if (auto done = walk.folder(folder, 0); !done) return std::unexpected(std::move(done.error()));
  std::sort(walk.files.begin(), walk.files.end());
  if (walk.files.empty()) return unreadable(folder, "there is no .lictor file in it");
  Reader reader(options.limits);
  std::vector<SourceText> out;
  for (const fs::path& file : walk.files) {
    auto text = reader.read(file.string());
    if (!text) return std::unexpected(std::move(text.error()));
    out.push_back(std::move(*text));
  }
  return out;
}

Result<std::string> read_whole_file(const std::string& path, uint64_t max_bytes) {
  std::error_code error;
  fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return unreadable(path, "there is no such file");
  if (error) return unreadable(path, error.message());
  if (!fs::is_regular_file(status)) return unreadable(path, "it is not a regular file");
  uintmax_t size = fs::file_size(path, error);
  if (error) return unreadable(path, error.message());
  if (size > max_bytes) {
    return fail(ErrorKind::kLimit,
                "`" + path + "` has " + std::to_string(size) + " bytes, the limit is " + std::to_string(max_bytes));
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text(size, '\0');
  if (!in || !in.read(text.data(), static_cast<std::streamsize>(size))) {
    return unreadable(path, errno != 0 ? std::strerror(errno) : "it changed while it was read");
  }
  return text;
}

std::optional<std::string> path_below(const std::string& root, const std::string& file) {
  fs::path relative(file);
  if (relative.empty() || relative.is_absolute()) return std::nullopt;
  std::error_code error;
  fs::path base = fs::weakly_canonical(root.empty() ? fs::path(".") : fs::path(root), error);
  if (error) return std::nullopt;
  fs::path whole = fs::weakly_canonical(base / relative, error);
  if (error) return std::nullopt;
  auto [end, unused] = std::mismatch(base.begin(), base.end(), whole.begin(), whole.end());
  if (end != base.end()) return std::nullopt;
  return (fs::path(root.empty() ? "." : root) / relative).string();
}

Result<BundleFiles> read_bundle_files(std::span<const std::string> paths, const LoadOptions& options) {
  if (paths.empty()) return fail(ErrorKind::kUsage, "no bundle: name a folder, or .lictor files");
  std::error_code error;
  if (paths.size() == 1 && fs::is_directory(paths[0], error)) return read_folder(paths[0], options);
  return read_named(paths, options);
}

}  // namespace lictor
