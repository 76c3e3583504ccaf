// Options that several commands share, so that they have one name, one help text and one meaning everywhere.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "host/bundle.h"

namespace lictor::cli {

/// `--NAME` that takes one of `choices`; the first is the default unless `value` has one already.
CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        std::vector<std::string> choices, const std::string& what);

/// The same without a default: `value` stays empty where the option is not given.
CLI::Option* add_optional_choice(CLI::App& command, const std::string& name, std::string& value,
                                 std::vector<std::string> choices, const std::string& what);

/// For CLI::Option::check(): the text of a number from `least` to `most`.
std::function<std::string(const std::string&)> number_between(double least, double most);

/// Which bundle, with which facts and parameters.
struct BundleArguments {
  std::vector<std::string> paths;
  std::vector<std::string> facts;
  std::string param_set;
  std::vector<std::string> params;  // NAME=VALUE as typed
};

/// -b, --facts, --params, --param. `greedy_facts`: one --facts may be followed by several files.
void add_bundle_options(CLI::App& command, BundleArguments& arguments, bool greedy_facts);

/// How to run it.
struct EngineArguments {
  std::string engine;  // "interp", "jit"
  bool no_jit = false;
};
/// --engine and --no-jit; the first of `choices` is the default.
void add_engine_options(CLI::App& command, EngineArguments& arguments, std::vector<std::string> choices);

/// Options for an engine that runs exactly as asked: native code is waited for.
EngineOptions engine_options(std::string_view engine, bool no_jit);

/// The paths of -b; without any, the current folder where it holds a lictor.toml. kUsage otherwise.
Result<std::vector<std::string>> bundle_paths(const std::vector<std::string>& given);

/// Arguments as make_engine() takes them, without the engine. kUsage: a --param without `=`.
Result<BundleOptions> bundle_options(const BundleArguments& arguments);

}  // namespace lictor::cli
