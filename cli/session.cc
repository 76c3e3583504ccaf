#include "cli/session.h"

#include "cli/report.h"
#include "host/ulid.h"

namespace lictor::cli {
namespace {

Result<Bundle> load(const BundleArguments& arguments) {
  Result<std::vector<std::string>> paths = bundle_paths(arguments.paths);
  if (!paths) return std::unexpected(paths.error());
  return load_bundle(*paths);
}

Result<std::shared_ptr<Engine>> start(Bundle& bundle, const BundleArguments& arguments, const EngineOptions& engine,
                                      bool keep_program) {
  Result<BundleOptions> options = bundle_options(arguments);
  if (!options) return std::unexpected(options.error());
  options->engine = engine;
  options->rows_by_time = keep_program;
  if (engine.engine == EngineKind::kInterpreter || engine.no_jit) options->cache_dir = "";
  return keep_program ? make_engine(bundle, *options) : make_engine(std::move(bundle), *options);
}

/// In a list that is never taken apart.
Session* keep(Session session) {
  static auto& sessions = *new std::vector<std::unique_ptr<Session>>;
  sessions.push_back(std::make_unique<Session>(std::move(session)));
  return sessions.back().get();
}

}  // namespace

Session* open_session(const BundleArguments& arguments, const EngineOptions& engine, std::string_view format,
                      Output& output, int& code, bool keep_program) {
  Result<Bundle> bundle = load(arguments);
  if (!bundle) {
    code = report(bundle.error(), nullptr, format, output);
    return nullptr;
  }
  Session* session = keep(Session{std::move(*bundle), nullptr});
  const SourceMap& sources = *session->bundle.analysis.sources;
  Result<std::shared_ptr<Engine>> made = start(session->bundle, arguments, engine, keep_program);
  if (!made) {
    code = report(made.error(), &sources, format, output);
    return nullptr;
  }
  session->engine = std::move(*made);
  report_warnings(session->bundle.diagnostics, sources, output);
  return session;
}

Result<uint32_t> decision_of(const Session& session, const std::string& name) {
  Result<uint32_t> decision = find_decision(session.engine->plan(), name, session.bundle.dependencies.get());
  if (decision || decision.error().kind != ErrorKind::kUsage) return decision;
  return fail(ErrorKind::kUsage, decision.error().message + "; name one with `-d`");
}

Result<int64_t> now_of(const std::string& at, const Schema& schema) {
  if (at.empty()) return system_now();
  Result<Datum> time = parse_value(schema, kTimeType, at);
  if (!time)
    return fail(ErrorKind::kUsage,
                "`--at " + printable(at.substr(0, 200)) + "` is not a time such as 2026-01-01T00:00:00Z");
  return time->n;
}

}  // namespace lictor::cli
