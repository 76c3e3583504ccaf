#include "cli/path_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace lictor::cli {
namespace fs = std::filesystem;

std::vector<std::vector<std::string>> bundle_groups(const std::vector<std::string>& paths) {
  if (paths.empty()) return {{"."}};
  std::vector<std::vector<std::string>> groups;
  std::vector<std::string> files;
  std::error_code ignored;
  for (const std::string& path : paths) {
    if (fs::is_directory(path, ignored))
      groups.push_back({path});
    else
      files.push_back(path);
  }
  if (!files.empty()) groups.push_back(std::move(files));
  return groups;
}

namespace {

bool hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

Result<void> add_folder(const std::string& folder, std::vector<std::string>& out) {
  std::error_code error;
  std::vector<std::string> found;
  fs::recursive_directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error)) {
    bool link = it->is_symlink(error);
    if (hidden(it->path()) || link) {
      if (!link && it->is_directory(error)) it.disable_recursion_pending();
    } else if (it->path().extension() == ".lictor" && it->is_regular_file(error)) {
      found.push_back(folder == "." ? it->path().lexically_relative(".").string() : it->path().string());
    }
  }
  if (error) return fail(ErrorKind::kUnreadable, fmt::format("`{}` cannot be read: {}", folder, error.message()));
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
  return {};
}

}  // namespace

Result<std::vector<std::string>> policy_files(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const std::string& path : paths.empty() ? std::vector<std::string>{"."} : paths) {
    if (!fs::is_directory(path, ignored)) {
      out.push_back(path);
    } else if (Result<void> added = add_folder(path, out); !added) {
      return std::unexpected(added.error());
    }
  }
  return out;
}

}  // namespace lictor::cli
