// lictor query: the rows of a relation, or the instances of an entity type, that match a pattern.
#include "cli/command.h"
#include "cli/report.h"
#include "cli/rows.h"
#include "cli/session.h"

namespace lictor::cli {
namespace {

struct Options {
  BundleArguments bundle;
  std::string pattern;
  std::string at;
  std::string format;
};

int run_query(const Options& options, Output& output) {
  int code = kExitInternal;
  Session* session = open_session(options.bundle, engine_options("interp", true), options.format, output, code, true);
  if (!session) return code;
  Result<int64_t> now = now_of(options.at, session->schema());
  if (!now) return report(now.error(), nullptr, options.format, output);
  Result<Query> query = analyze_query(session->bundle.analysis, options.pattern);
  Result<Table> table = query ? find_rows(*session->engine, *query, *now) : std::unexpected(query.error());
  if (!table) {
    SourceMap sources;
    sources.add("query", options.pattern);
    return report(table.error(), &sources, options.format, output);
  }
  show_table(session->schema(), *table, options.format, output);
  return kExitOk;
}

}  // namespace

void add_query(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_bundle_options(command, options->bundle, false);
  command.add_option("PATTERN", options->pattern, "a relation with constants, variables and `_`: may(u, \"read\")")
      ->required();
  command.add_option("--at", options->at, "when: rows that have expired by then are left out (default: the clock)")
      ->option_text("TIME");
  add_choice(command, "--format", options->format, {"text", "json", "csv"}, "how to show the rows");
  set_examples(command,
               "lictor query -b policies/atom 'complexity(action, _, 2)'\n"
               "lictor query -b . --facts facts.json 'User(u)' --format json");
  on_chosen<Options>(command, run, options, run_query);
}

}  // namespace lictor::cli
