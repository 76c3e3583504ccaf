// A session at `lictor repl`: what was entered so far, the bundle checked together with it, and an engine that answers.
//
// Each declaration or change of facts makes bundle and engine anew and is kept only when that succeeds, so a mistake leaves
// the session as it was. A question is a rule of the session's module whose rows are shown, unless it is a plain pattern,
// which the engine at hand answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/repl/entry.h"
#include "cli/repl/source.h"
#include "host/bundle_files.h"

namespace lictor::cli {

class Repl {
 public:
  Repl(BundleArguments arguments, std::string format, Output& output)
      : arguments_(std::move(arguments)), format_(std::move(format)), output_(output) {}

  /// Reads the bundle (none is fine), also anew. The exit code: not 0 when it cannot be read or has errors, which has been
  /// said; the session is then as it was.
  int load();
  /// One whole entry. False when something was wrong with it, which has been said.
  bool enter(const std::string& entry);
  /// Was `:quit` entered?
  bool is_over() const { return over_; }
  /// What a word at the prompt may become.
  std::vector<std::string> words() const;

 private:
  struct Made {
    Bundle bundle;
    std::shared_ptr<Engine> engine;
  };
  using Focus = SessionSource::Focus;

  // ---- The session
  Result<BundleFiles> read() const;
  Bundle analyse(const SessionSource& source, bool tests) const;
  Result<std::shared_ptr<Engine>> start(const Bundle& bundle, const Entries& entries) const;
  std::optional<Made> make(const SessionSource& source, const Entries& entries);
  bool keep(Entries entries, Focus focus);
  bool tell(const Error& error, const SourceMap* sources = nullptr);
  bool tell(const Bundle& bundle, const SessionSource& source);

  // ---- Questions
  bool ask(const std::string& text);
  enum class Shown { kRows, kTruth, kValue };
  bool answer(const QuestionRule& question, Shown shown);
  bool is_pattern(const std::string& body, const Query& query) const;
  bool show_rows(const Query& query);
  std::vector<std::string> open_names(const std::string& body) const;

  // ---- Commands
  bool command(std::string_view text);
  int64_t now() const;
  bool decide(std::string_view argument, bool explained);
  bool why(std::string_view pattern);
  bool names();
  bool list();
  bool undo();
  bool set_format(std::string_view format);
  bool set_time(std::string_view time);
  bool help();

  const Schema& schema() const { return made_->engine->plan().schema; }

  BundleArguments arguments_;
  std::string format_;
  Output& output_;
  std::string at_;
  BundleFiles files_;
  ModuleList modules_;  // of the bundle alone
  Entries entries_;
  std::vector<Entries> before_;  // what `:undo` goes back to
  std::optional<Made> made_;
  bool over_ = false;
};

}  // namespace lictor::cli
