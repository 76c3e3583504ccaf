// A bundle loaded and made ready to decide: what `eval`, `query` and `bench` begin with.
#pragma once

#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/output.h"
#include "host/bundle.h"

namespace lictor::cli {

struct Session {
  Bundle bundle;
  std::shared_ptr<Engine> engine;
  const Schema& schema() const { return engine->plan().schema; }
};

/// Loads, shows warnings, makes the engine. On failure the reason has been shown (as `format` asks), `code` is the exit code
/// to end with, and the result is null. The session lives until the process ends: a command that makes one decision
/// should not spend a tenth of its time on taking apart what the system takes back at once.
/// `keep_program`: bundle.analysis.program stays as it was; else it becomes the engine's.
Session* open_session(const BundleArguments& arguments, const EngineOptions& engine, std::string_view format,
                      Output& output, int& code, bool keep_program = false);

/// Microseconds since 1970 of --at, or of the system's clock when it is "".
Result<int64_t> now_of(const std::string& at, const Schema& schema);

/// The decision of `-d`, or the bundle's only one where that was left out.
Result<uint32_t> decision_of(const Session& session, const std::string& name);

}  // namespace lictor::cli
