// lictor eval: one decision, and with --explain why.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/decision_text.h"
#include "cli/files.h"
#include "cli/report.h"
#include "cli/session.h"
#include "host/decision_json.h"
#include "host/ulid.h"
#include "runtime/proof.h"

namespace lictor::cli {
namespace {

struct Options {
  BundleArguments bundle;
  EngineArguments engine;
  std::string decision;
  std::string request;
  std::string at;
  std::string format;
  bool explain = false;
};

int exit_code_of(ast::Outcome outcome) {
  switch (outcome) {
    case ast::Outcome::kAllow:
      return kExitOk;
    case ast::Outcome::kDeny:
      return kExitFindings;
    case ast::Outcome::kRequire:
      return kExitRequire;
  }
  return kExitInternal;
}

/// Mistakes of the request name its file, and the file is shown.
Error in_request(Error error, const Options& options, const std::string& text, SourceMap& texts) {
  std::string name = options.request == "-" || options.request.empty() ? "request" : options.request;
  for (Diagnostic& diagnostic : error.diagnostics) {
    if (diagnostic.place.file.empty()) diagnostic.place.file = name;
  }
  if (!options.request.empty()) texts.add(name, text);
  return error;
}

/// `texts` gets what mistakes are found in.
Result<Explanation> decide(const Options& options, Session& session, SourceMap& texts) {
  Result<uint32_t> decision = decision_of(session, options.decision);
  if (!decision) return std::unexpected(decision.error());
  Result<int64_t> now = now_of(options.at, session.schema());
  if (!now) return std::unexpected(now.error());
  Result<std::string> text =
      options.request.empty() ? Result<std::string>("{}") : read_file(options.request, EvalLimits{}.request_bytes);
  if (!text) return std::unexpected(text.error());
  Result<BoundRequest> request = BoundRequest::from_json(*session.engine, *decision, *text);
  if (!request) return std::unexpected(in_request(request.error(), options, *text, texts));
  if (options.explain) return explain(*session.engine, *request, *now);
  Explanation plain;
  plain.decision = session.engine->evaluate(*request, *now);
  return plain;
}

void show(const Options& options, const Session& session, const Explanation& answer, Output& output) {
  const Schema& schema = session.schema();
  if (options.format == "json") {
    std::string id = make_ulid(system_now());
    output.data(
        to_text(options.explain ? explanation_json(schema, answer, id) : decision_json(schema, answer.decision, id),
                2) +
        "\n");
  } else {
    output.data(decision_text(schema, answer.decision, output));
    if (options.explain) output.data(explanation_text(schema, answer, *session.engine->plan().sources, output));
  }
}

int run_eval(const Options& options, Output& output) {
  int code = kExitInternal;
  Session* session = open_session(options.bundle, engine_options(options.engine.engine, options.engine.no_jit),
                                  options.format, output, code);
  if (!session) return code;
  if (options.engine.engine == "jit" && options.engine.no_jit)
    output.message("lictor: native code is not made because of `--no-jit`; the interpreter decides\n");
  SourceMap texts;
  Result<Explanation> answer = decide(options, *session, texts);
  if (!answer) return report(answer.error(), &texts, options.format, output);
  show(options, *session, *answer, output);
  return exit_code_of(answer->decision.outcome);
}

}  // namespace

void add_eval(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_bundle_options(command, options->bundle, true);
  command.add_option("-d,--decision", options->decision, "which decision; may be left out where there is just one")
      ->option_text("NAME");
  command.add_option("-r,--request", options->request, "the request as JSON; - is standard input (default: no fields)")
      ->option_text("FILE");
  command.add_option("--at", options->at, "the decision's `now` (default: the clock)")->option_text("TIME");
  command.add_flag("--explain", options->explain, "show the proof, and for a denial what stood in the way");
  add_engine_options(command, options->engine, {"interp", "jit"});
  add_choice(command, "--format", options->format, {"text", "json"}, "how to show the decision");
  set_examples(command,
               "lictor eval -b policies/atom -d govern -r request.json\n"
               "lictor eval -b . --facts facts.json -r request.json --explain\n"
               "echo '{\"user\": \"ann\"}' | lictor eval -b . -d access -r - --at 2026-01-01T00:00:00Z --format json\n"
               "# exit code: 0 allow, 1 deny, 4 require");
  on_chosen<Options>(command, run, options, run_eval);
}

}  // namespace lictor::cli
