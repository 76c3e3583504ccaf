// lictor limits: every limit in force, with its default, unit and meaning.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/options.h"
#include "compiler/pattern.h"
#include "grammar/limits.h"
#include "host/bundle.h"
#include "runtime/engine.h"
#include "runtime/facts.h"

namespace lictor::cli {
namespace {

struct Options {
  std::string format;
};

struct Group {
  std::string_view title;
  std::vector<LimitRow> rows;
};

std::vector<Group> all_limits() {
  BundleLimits bundle;
  FactLimits facts;
  EvalLimits eval;
  return {
      {"policy text", limit_table(Limits{})},
      {"bundle",
       {{"bundle_file_bytes", bundle.max_file_bytes, "bytes", "size of one policy file or lictor.toml", ""},
        {"bundle_bytes", bundle.max_total_bytes, "bytes", "size of all policy files together", ""},
        {"bundle_files", bundle.max_files, "files", "policy files", ""},
        {"bundle_depth", bundle.max_depth, "levels", "folders below the bundle's root", ""}}},
      {"facts",
       {{"fact_file_bytes", facts.max_file_bytes, "bytes", "size of one file of facts", ""},
        {"fact_rows", facts.max_rows, "rows", "rows and instances of all facts", ""},
        {"fact_string_bytes", facts.max_string_bytes, "bytes", "length of one text in facts", ""}}},
      {"patterns",
       {{"glob_bytes", kLongestGlob, "bytes", "length of a glob", "E0305"},
        {"regex_bytes", kLongestRegex, "bytes", "length of a regular expression", "E0305"},
        {"regex_memory", kLargestRegex, "bytes", "what compiling and matching one may take", "E0305"}}},
      {"evaluation",
       {{"steps", eval.steps, "steps", "work of one decision; when it is spent, the answer is deny", ""},
        {"memory", eval.memory, "bytes", "memory of one decision; when it is spent, the answer is deny", ""},
        {"load_steps", eval.load_steps, "steps", "work of one change of facts; when it is spent, the change is refused",
         ""},
        {"load_memory", eval.load_memory, "bytes",
         "memory of one change of facts; when it is spent, the change is refused", ""},
        {"request_bytes", eval.request_bytes, "bytes", "size of a request's JSON", ""}}},
  };
}

std::string as_text(const std::vector<Group>& groups, const Output& output) {
  std::string out;
  for (const Group& group : groups) {
    if (!out.empty()) out += "\n";
    out += output.paint(Tone::kBold, group.title) + "\n";
    for (const LimitRow& row : group.rows) {
      out += fmt::format("  {:18} {:>14} {:8}  {}", row.name, show_count(row.value), row.unit, row.meaning);
      out += row.code.empty() ? "\n" : fmt::format(" ({})\n", row.code);
    }
  }
  return out;
}

std::string as_json(const std::vector<Group>& groups) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Group& group : groups) {
    for (const LimitRow& row : group.rows) {
      nlohmann::ordered_json one = {{"name", row.name},
                                    {"value", row.value},
                                    {"unit", row.unit},
                                    {"group", group.title},
                                    {"meaning", row.meaning}};
      if (!row.code.empty()) one["code"] = row.code;
      all.push_back(one);
    }
  }
  return all.dump(2) + "\n";
}

int run_limits(const Options& options, Output& output) {
  std::vector<Group> groups = all_limits();
  output.data(options.format == "json" ? as_json(groups) : as_text(groups, output));
  return kExitOk;
}

}  // namespace

void add_limits(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_choice(command, "--format", options->format, {"text", "json"}, "how to show them");
  set_examples(command, "lictor limits");
  on_chosen<Options>(command, run, options, run_limits);
}

}  // namespace lictor::cli
