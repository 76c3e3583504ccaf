// lictor lock: writes down what the dependencies of a bundle are now, so that every other command can refuse others.
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/diff.h"
#include "cli/files.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/bundle_files.h"
#include "host/lock_file.h"

namespace lictor::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::string bundle;
  bool check = false;
};

/// The dependencies as they are now, whatever the lock file says.
Result<BundleFiles> read_bundle(const std::string& path) {
  LoadOptions load;
  load.lock = false;
  Result<BundleFiles> files = read_bundle_files(std::span(&path, 1), load);
  if (!files || files->diagnostics.empty()) return files;
  return fail(ErrorKind::kInvalid, "the dependencies of `" + path + "` have errors", std::move(files->diagnostics));
}

int differs(const std::string& path, const std::string& before, const std::string& now, Output& output) {
  output.data(unified_diff(before, now, path, path));
  output.message(fmt::format("{} is out of date\n", printable(path)));
  return kExitFindings;
}

int run_lock(const Options& options, Output& output) {
  Result<std::vector<std::string>> paths =
      bundle_paths(options.bundle.empty() ? std::vector<std::string>{} : std::vector<std::string>{options.bundle});
  if (!paths) return report(paths.error(), nullptr, "text", output);
  std::error_code error;
  if (!fs::is_directory(paths->front(), error)) {
    return report({ErrorKind::kUsage, fmt::format("`{}` is no folder with a lictor.toml", paths->front()), {}}, nullptr,
                  "text", output);
  }
  Result<BundleFiles> files = read_bundle(paths->front());
  if (!files) return report(files.error(), nullptr, "text", output);
  std::string path = (fs::path(paths->front()) / kLockName).lexically_normal().string();
  bool there = fs::exists(fs::symlink_status(path, error));
  if (!files->dependencies && !there) {
    output.message("the bundle has no dependencies; nothing is to be locked\n");
    return kExitOk;
  }
  std::string now = lock_text(files->dependencies ? *files->dependencies : Dependencies{}), before;
  if (there) {
    Result<std::string> text = read_file(path, BundleLimits{}.max_file_bytes);
    if (!text) return report(text.error(), nullptr, "text", output);
    before = std::move(*text);
  }
  uint64_t count = files->dependencies ? files->dependencies->all.size() : 0;
  if (before == now) {
    output.message(fmt::format("{} is up to date: {}\n", printable(path),
                               count == 1 ? "1 dependency" : fmt::format("{} dependencies", count)));
    return kExitOk;
  }
  if (options.check) return differs(path, before, now, output);
  Result<void> written = there ? replace_file(path, now) : make_file(path, now);
  if (!written) return report(written.error(), nullptr, "text", output);
  output.data(unified_diff(before, now, path, path));
  output.message(fmt::format("wrote {}: {}\n", printable(path),
                             count == 1 ? "1 dependency" : fmt::format("{} dependencies", count)));
  return kExitOk;
}

}  // namespace

void add_lock(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("-b,--bundle", options->bundle, "a bundle's folder (default: here)")->option_text("PATH");
  command.add_flag("--check", options->check, "write nothing; say how lictor.lock would change");
  set_examples(
      command,
      "lictor lock\n"
      "lictor lock -b policies/app --check\n"
      "# exit code: 0 lictor.lock is up to date now, 1 (--check) it is not, 3 a dependency cannot be read or has "
      "errors");
  on_chosen<Options>(command, run, options, run_lock);
}

}  // namespace lictor::cli
