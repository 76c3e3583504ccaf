// lictor lsp: the language server on standard input and output. What it cannot know by itself is given to it here: the
// standard modules, the check of lictor.toml, the pages of diagnostics, and a place for texts that have no file.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/options.h"
#include "cli/pages.h"
#include "host/bundle.h"
#include "host/bundle_config.h"
#include "host/dependencies.h"
#include "lsp/stdio.h"
#include "stdlib/modules.h"

namespace lictor::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  bool stdio = false;
};

std::vector<Diagnostic> check_config(const SourceText& config, const Program& program) {
  Bundle bundle;
  bundle.analysis.program.schema = program.schema;
  read_config(config, bundle);
  return std::move(bundle.diagnostics);
}

/// The lock file is for those who decide: an editor shows what is there.
lsp::Others dependencies_of(const std::string& root, const SourceText& config) {
  LoadOptions load;
  load.lock = false;
  lsp::Others out;
  Result<FoundDependencies> found = find_dependencies(root, config, load);
  if (found) out.diagnostics = std::move(found->diagnostics);
  if (!found || !out.diagnostics.empty() || found->dependencies.all.empty()) return out;
  out.folders.assign(found->folders.begin(), found->folders.end());
  for (const Dependency& one : found->dependencies.all) {
    for (const auto& [module, file] : one.modules) {
      out.names.push_back(module);
      out.modules.push_back(one.policies[file]);
    }
  }
  return out;
}

std::optional<std::string_view> page_of(std::string_view code) {
  auto pages = diagnostic_pages();
  auto page = std::ranges::lower_bound(pages, code, {}, &Page::code);
  if (page == pages.end() || page->code != code) return std::nullopt;
  return page->text;
}

/// Below the cache, by version: `editor/0.1.0/E0312.md`. A file that is there already is taken as it is.
std::optional<std::string> keep_file(std::string_view name, std::string_view text) {
  std::string cache = default_cache_dir();
  if (cache.empty()) return std::nullopt;
  fs::path path = fs::path(cache) / "editor" / LICTOR_VERSION / name;
  std::error_code error;
  if (fs::file_size(path, error) == text.size()) return path.string();
  fs::create_directories(path.parent_path(), error);
  std::string beside = path.string() + "." + std::to_string(::getpid());
  std::ofstream out(beside, std::ios::binary);
  out << text;
  out.close();
  if (!out || ::chmod(beside.c_str(), 0444) != 0 || ::rename(beside.c_str(), path.c_str()) != 0) {
    ::unlink(beside.c_str());
    return std::nullopt;
  }
  return path.string();
}

int run_lsp(const Options&, Output& output) {
  lsp::Options options;
  options.load_module = load_std_module;
  for (const StdModule& module : std_modules()) options.library.emplace_back(module.name);
  options.dependencies = dependencies_of;
  options.check_config = check_config;
  options.page = page_of;
  options.keep_file = keep_file;
  if (::isatty(STDIN_FILENO) != 0)
    output.message("lictor lsp speaks with an editor, not with a person; docs/editors.md says how to set one up\n");
  std::signal(SIGPIPE, SIG_IGN);  // an editor that is gone is the end of the output, not of the process
  return lsp::serve(STDIN_FILENO, STDOUT_FILENO, std::move(options));
}

}  // namespace

void add_lsp(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_flag("--stdio", options->stdio, "speak over standard input and output (the only way, and the default)");
  set_examples(command,
               "lictor lsp\n"
               "# an editor starts it: see docs/editors.md\n"
               "# exit code: 0 the editor took its leave, 1 it broke off");
  on_chosen<Options>(command, run, options, run_lsp);
}

}  // namespace lictor::cli
