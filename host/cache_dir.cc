// Where native code is kept between runs. A folder of somebody else, or one that others may write to, is not used: what
// lies there is loaded as code.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "host/bundle.h"

namespace lictor {

namespace {

bool is_private_folder(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::string wanted_folder() {
  if (const char* given = std::getenv("LICTOR_CACHE_DIR")) return given;
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/lictor";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.cache/lictor";
  return {};
}

}  // namespace

std::string default_cache_dir() {
  std::string path = wanted_folder();
  if (path.empty()) return path;
  std::error_code ignored;
  std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  ::mkdir(path.c_str(), 0700);
  return is_private_folder(path) ? path : std::string();
}

}  // namespace lictor
