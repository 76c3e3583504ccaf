#include "cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/output.h"

namespace lictor::cli {

CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        std::vector<std::string> choices, const std::string& what) {
  if (value.empty()) value = choices.front();
  return add_optional_choice(command, name, value, std::move(choices), fmt::format("{} (default {})", what, value));
}

CLI::Option* add_optional_choice(CLI::App& command, const std::string& name, std::string& value,
                                 std::vector<std::string> choices, const std::string& what) {
  CLI::Option* option = command.add_option(name, value, what);
  option->option_text(fmt::format("{}", fmt::join(choices, "|")));
  option->check([choices = std::move(choices)](const std::string& given) -> std::string {
    if (std::find(choices.begin(), choices.end(), given) != choices.end()) return "";
    return fmt::format("`{}` is not one of {}", given.substr(0, 200), fmt::join(choices, ", "));
  });
  return option;
}

std::function<std::string(const std::string&)> number_between(double least, double most) {
  return [least, most](const std::string& given) -> std::string {
    char* end = nullptr;
    double number = std::strtod(given.c_str(), &end);
    if (!given.empty() && *end == '\0' && number >= least && number <= most) return "";
    return fmt::format("`{}` is not a number from {} to {}", given.substr(0, 200), least, most);
  };
}

void add_bundle_options(CLI::App& command, BundleArguments& arguments, bool greedy_facts) {
  command.add_option("-b,--bundle", arguments.paths, "a bundle's folder, or a .lictor file (may be repeated)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command.add_option("--facts", arguments.facts, "facts: .json; NAME.csv, NAME.jsonl (NAME: relation or entity)")
      ->option_text(greedy_facts ? "FILE..." : "FILE")
      ->allow_extra_args(greedy_facts);
  command.add_option("--params", arguments.param_set, "a set of parameters from lictor.toml")->option_text("SET");
  command.add_option("--param", arguments.params, "one parameter (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
}

void add_engine_options(CLI::App& command, EngineArguments& arguments, std::vector<std::string> choices) {
  add_choice(command, "--engine", arguments.engine, std::move(choices), "the interpreter, or native code");
  command.add_flag("--no-jit", arguments.no_jit, "never make native code; all else works the same");
}

EngineOptions engine_options(std::string_view engine, bool no_jit) {
  EngineOptions options;
  options.engine = engine == "jit" ? EngineKind::kJit : EngineKind::kInterpreter;
  options.wait_for_native = options.engine == EngineKind::kJit;
  options.no_jit = no_jit;
  return options;
}

Result<std::vector<std::string>> bundle_paths(const std::vector<std::string>& given) {
  if (!given.empty()) return given;
  std::error_code ignored;
  if (std::filesystem::exists("lictor.toml", ignored)) return std::vector<std::string>{"."};
  return fail(ErrorKind::kUsage, "`-b PATH` is missing, and the current folder holds no lictor.toml");
}

Result<BundleOptions> bundle_options(const BundleArguments& arguments) {
  BundleOptions options;
  options.param_set = arguments.param_set;
  options.facts = arguments.facts;
  for (const std::string& text : arguments.params) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorKind::kUsage,
                  fmt::format("`--param {}` is not of the form NAME=VALUE", printable(text.substr(0, 200))));
    }
    options.params.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return options;
}

}  // namespace lictor::cli
