// How a command is plugged into the command line: one `add_<id>` per line of commands.def.
//
// The function declares options on its CLI::App and calls on_chosen() with what to run. Nothing runs while the command
// line is parsed, so a mistake anywhere on it is found before anything happens.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "cli/exit_codes.h"
#include "cli/output.h"

namespace lictor::cli {

/// Runs the command; the result is the exit code.
using Run = std::function<int(Output&)>;

#define LICTOR_COMMAND(id, name, summary) void add_##id(CLI::App& command, Run& run);
#include "cli/commands.def"
#undef LICTOR_COMMAND

/// Has `run` call `function(options, output)` when the command line names this command.
template <class Options, class Function>
void on_chosen(CLI::App& command, Run& run, std::shared_ptr<const Options> options, Function function) {
  command.callback([&run, options = std::move(options), function] {
    run = [options, function](Output& output) { return function(*options, output); };
  });
}

/// The command's examples, shown at the end of its --help: one per line, `# ` begins a remark.
void set_examples(CLI::App& command, const std::string& examples);

/// The whole command line with all commands, as `lictor` and `lictor completion` know it. `run` must outlive it.
std::unique_ptr<CLI::App> make_command_line(Run& run);

/// Parses and runs; never throws.
int run_command_line(int argc, const char* const* argv, Output& output);

}  // namespace lictor::cli
