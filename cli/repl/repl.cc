#include "cli/repl/repl.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "cli/exit_codes.h"
#include "cli/repl/changes.h"
#include "cli/report.h"
#include "cli/rows.h"
#include "compiler/names.h"
#include "grammar/big_stack.h"

namespace lictor::cli {
namespace {

bool has_code(const std::vector<Diagnostic>& found, Diag id) {
  return std::ranges::any_of(found, [&](const Diagnostic& one) { return one.code == info(id).code; });
}

bool is_pattern_of_constants(const Query& query) {
  return std::ranges::all_of(query.columns, [](const auto& column) { return column.has_value(); });
}

}  // namespace

// ---- The session -----------------------------------------------------------------------------------------------------

/// The bundle that the command line names; without one, and none here, no files.
Result<BundleFiles> Repl::read() const {
  if (arguments_.paths.empty() && !std::filesystem::exists("lictor.toml")) return BundleFiles{};
  Result<std::vector<std::string>> paths = bundle_paths(arguments_.paths);
  if (!paths) return std::unexpected(paths.error());
  return read_bundle_files(*paths, {});
}

int Repl::load() {
  Result<BundleFiles> files = read();
  if (!files) return report(files.error(), nullptr, "text", output_);
  Bundle alone = analyze_bundle(*files, {});
  const SourceMap& sources = *alone.analysis.sources;
  if (!alone.ok) return report(Error{ErrorKind::kInvalid, "", alone.diagnostics}, &sources, "text", output_);
  report_warnings(alone.diagnostics, sources, output_);
  BundleFiles old_files = std::exchange(files_, std::move(*files));
  ModuleList old_modules = std::exchange(modules_, alone.analysis.modules);
  if (keep(entries_, Focus::kNone)) return kExitOk;
  files_ = std::move(old_files);
  modules_ = std::move(old_modules);
  return kExitUnreadable;
}

Bundle Repl::analyse(const SessionSource& source, bool tests) const {
  BundleFiles files = files_;
  files.policies.push_back({std::string(SessionSource::kFile), source.text()});
  return analyze_bundle(std::move(files), {.tests = tests});
}

Result<std::shared_ptr<Engine>> Repl::start(const Bundle& bundle, const Entries& entries) const {
  Result<BundleOptions> options = bundle_options(arguments_);
  if (options) options->rows_by_time = true;
  if (!options) return std::unexpected(options.error());
  options->engine = engine_options("interp", true);
  options->cache_dir = "";
  Result<std::shared_ptr<Engine>> engine = make_engine(bundle, *options);
  if (!engine || entries.changes.empty()) return engine;
  FactSet facts = (*engine)->facts();
  std::string module = path_text(bundle.analysis.modules[files_.policies.size()].name);
  if (auto done = apply_changes(bundle, module, entries.changes, facts); !done) return std::unexpected(done.error());
  if (auto done = (*engine)->publish(std::move(facts)); !done) return std::unexpected(done.error());
  return engine;
}

/// Nothing when there is a mistake, which has been told.
std::optional<Repl::Made> Repl::make(const SessionSource& source, const Entries& entries) {
  Made made{analyse(source, !entries.changes.empty()), nullptr};
  if (!made.bundle.ok) {
    tell(made.bundle, source);
    return std::nullopt;
  }
  Result<std::shared_ptr<Engine>> engine = start(made.bundle, entries);
  if (!engine) {
    Error error = engine.error();
    for (Diagnostic& one : error.diagnostics) one = source.as_typed(std::move(one));
    tell(error, made.bundle.analysis.sources.get());
    return std::nullopt;
  }
  made.engine = std::move(*engine);
  return made;
}

bool Repl::keep(Entries entries, Focus focus) {
  std::optional<Made> made = make(SessionSource(modules_, entries, focus, nullptr), entries);
  if (!made) return false;
  made_ = std::move(made);
  if (focus != Focus::kNone) before_.push_back(std::move(entries_));
  entries_ = std::move(entries);
  return true;
}

bool Repl::tell(const Error& error, const SourceMap* sources) {
  report(error, sources, "text", output_);
  return false;
}

/// Shows mistakes, those in the new entry as it was typed.
bool Repl::tell(const Bundle& bundle, const SessionSource& source) {
  SourceMap shown;
  shown.add(std::string(SessionSource::kTyped), std::string(source.typed()));
  const SourceMap& sources = *bundle.analysis.sources;
  for (uint32_t i = 0; i < sources.size(); ++i) shown.add(sources.file(i).name(), std::string(sources.file(i).text()));
  Error error{ErrorKind::kInvalid, "", {}};
  for (const Diagnostic& one : bundle.diagnostics) {
    if (one.severity == Severity::kError) error.diagnostics.push_back(source.as_typed(one));
  }
  return tell(error, &shown);
}

// ---- Entries ---------------------------------------------------------------------------------------------------------

bool Repl::enter(const std::string& entry) {
  Entries next = entries_;
  switch (kind_of(entry)) {
    case EntryKind::kNothing:
      return true;
    case EntryKind::kCommand:
      return command(trimmed(entry).substr(1));
    case EntryKind::kUse:
      next.uses.push_back(entry);
      return keep(std::move(next), Focus::kUse);
    case EntryKind::kDeclaration:
      next.declarations.push_back(entry);
      return keep(std::move(next), Focus::kDeclaration);
    case EntryKind::kTest:
      return tell(Error{ErrorKind::kUsage, "a test has its place in a file; `lictor test` runs it", {}});
    case EntryKind::kGiven:
      next.changes.push_back({Change::Kind::kGiven, std::string(without_dot(entry))});
      return keep(std::move(next), Focus::kGiven);
    case EntryKind::kForget:
      next.changes.push_back({Change::Kind::kForget, std::string(without_dot(trimmed(entry).substr(6)))});
      return keep(std::move(next), Focus::kGiven);
    case EntryKind::kQuestion:
      return ask(entry);
  }
  return false;
}

// ---- Questions -------------------------------------------------------------------------------------------------------

bool Repl::ask(const std::string& text) {
  // The dot goes, blanks and lines stay: mistakes are shown where they were typed.
  std::string body = text.substr(0, static_cast<size_t>(without_dot(text).end() - std::string_view(text).begin()));
  if (Result<Query> query = analyze_query(made_->bundle.analysis, body); query && is_pattern(body, *query))
    return show_rows(*query);
  std::vector<std::string> names = open_names(body);
  std::string columns = names.empty() ? "true" : fmt::format("{}", fmt::join(names, ", "));
  QuestionRule condition{fmt::format("{}({}) :-", kAnswer, columns), body};
  Bundle bundle = analyse(SessionSource(modules_, entries_, Focus::kNone, &condition), false);
  if (bundle.ok || !has_code(bundle.diagnostics, Diag::kNotACondition))
    return answer(condition, names.empty() ? Shown::kTruth : Shown::kRows);
  return answer({fmt::format("{}(value) :- value =", kAnswer), body}, Shown::kValue);
}

/// A pattern of the command line may name a variable as it likes; here a parameter or `let` of that name is meant.
bool Repl::is_pattern(const std::string& body, const Query& query) const {
  for (const ast::Name& word : open_words(body_of(body))) {
    if (std::ranges::find(query.names, word.text) == query.names.end()) continue;
    for (const ParamDecl& param : schema().params) {
      if (param.info.name == word.text) return false;
    }
    for (const ast::Module& module : made_->bundle.analysis.modules) {
      for (const ast::Let& let : module.lets) {
        if (let.head.name.text == word.text) return false;
      }
    }
  }
  return true;
}

/// The variables that the answer shows: the words of the body that the check takes for variables.
std::vector<std::string> Repl::open_names(const std::string& body) const {
  QuestionRule rule{fmt::format("{}(true) :-", kAnswer), body};
  Bundle bundle = analyse(SessionSource(modules_, entries_, Focus::kNone, &rule), false);
  const Program& program = bundle.analysis.program;
  std::vector<std::string> out;
  auto checked = std::ranges::find_if(program.rules, [&](const Rule& one) {
    return one.head != kNoIndex && program.schema.relations[one.head].info.name == kAnswer;
  });
  if (checked == program.rules.end()) return out;
  for (const ast::Name& word : open_words(body_of(body))) {
    if (std::ranges::find(checked->frame.variables, word.text, &Variable::name) != checked->frame.variables.end())
      out.push_back(word.text);
  }
  return out;
}

bool Repl::answer(const QuestionRule& question, Shown shown) {
  std::optional<Made> made = make(SessionSource(modules_, entries_, Focus::kNone, &question), entries_);
  if (!made) return false;
  Result<Query> query = analyze_query(made->bundle.analysis, kAnswer);
  if (!query) return tell(query.error());
  Result<Table> table = find_rows(*made->engine, *query, now());
  if (!table) return tell(table.error());
  const Schema& known = made->engine->plan().schema;
  if (shown == Shown::kTruth)
    output_.data(table->rows.empty() ? "false\n" : "true\n");
  else if (shown == Shown::kValue && format_ == "text" && !table->rows.empty())
    output_.data(printable(show(known, table->rows[0][0])) + "\n");
  else
    show_table(known, *table, format_, output_);
  return true;
}

bool Repl::show_rows(const Query& query) {
  Result<Table> table = find_rows(*made_->engine, query, now());
  if (!table) return tell(table.error());
  if (is_pattern_of_constants(query) && query.relation != kNoIndex)
    output_.data(table->rows.empty() ? "false\n" : "true\n");
  else
    show_table(schema(), *table, format_, output_);
  return true;
}

}  // namespace lictor::cli
