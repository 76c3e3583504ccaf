// What the PATHs of `check`, `test` and `fmt` mean.
#pragma once

#include <string>
#include <vector>

#include "lictor/error.h"

namespace lictor::cli {

/// Each folder is a bundle of its own; files that are named one by one make up one bundle together. Without any path:
/// the current folder.
std::vector<std::vector<std::string>> bundle_groups(const std::vector<std::string>& paths);

/// The policy files that the paths name: a file as it is, of a folder all *.lictor below it in sorted order, hidden files
/// and folders and links left out. kUnreadable.
Result<std::vector<std::string>> policy_files(const std::vector<std::string>& paths);

}  // namespace lictor::cli
