// The commands of a session, which begin with a colon.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/decision_text.h"
#include "cli/exit_codes.h"
#include "cli/repl/repl.h"
#include "cli/report.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "compiler/builtins.h"
#include "host/decision_json.h"
#include "host/ulid.h"
#include "runtime/proof.h"

namespace lictor::cli {
namespace {

constexpr size_t kMostProofs = 5;
constexpr std::string_view kFormats[] = {"text", "json", "csv"};

struct CommandRow {
  std::string_view name;
  std::string_view arguments;
  std::string_view about;
};
constexpr CommandRow kCommands[] = {
    {"help", "", "this page"},
    {"names", "", "what the bundle and the session declare"},
    {"list", "", "what was entered so far"},
    {"undo", "", "takes the last declaration or change of facts back"},
    {"facts", "FILE", "adds the facts of a file (.json; .csv and .jsonl named as their relation or entity)"},
    {"decide", "[NAME] {JSON}", "one decision"},
    {"explain", "[NAME] {JSON}", "one decision with its proof"},
    {"why", "PATTERN", "the proof of the rows that match"},
    {"at", "[TIME]", "the `now` of decisions; without TIME the clock's"},
    {"format", "text|json|csv", "how answers are shown"},
    {"reload", "", "reads the bundle again; what was entered stays"},
    {"quit", "", "ends the session, as the end of the input does"},
};

constexpr std::string_view kHelp = R"(An entry is a question, a declaration, a change of facts or a command.

  needs("read", level)               the rows of a pattern
  needs(a, l), l >= high             the rows of any condition
  size("abc") + 1                    a value
  let limit = 3                      a declaration, also `relation`, `enum`, `use`, `decision` ...
  able(a) :- needs(a, l), l < high.  a rule; it ends with its dot
  given needs("fly", high)           adds a fact, as in a test
  forget needs("fly", _)             takes away what matches

An entry goes on while a bracket is open, or behind a comma; an empty line ends it.

)";

/// The first word, and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  text = trimmed(text);
  size_t end = text.find_first_of(" \t\r\n");
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), trimmed(text.substr(end))};
}

std::string columns_text(const Schema& schema, const std::vector<FieldDecl>& fields) {
  std::vector<std::string> out;
  for (const FieldDecl& field : fields) out.push_back(fmt::format("{}: {}", field.name, type_name(schema, field.type)));
  return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

bool Repl::command(std::string_view text) {
  auto [word, argument] = split(text);
  if (word == "help" || word == "h" || word == "?") return help();
  if (word == "names") return names();
  if (word == "list") return list();
  if (word == "undo") return undo();
  if (word == "decide") return decide(argument, false);
  if (word == "explain") return decide(argument, true);
  if (word == "why") return why(argument);
  if (word == "at") return set_time(argument);
  if (word == "format") return set_format(argument);
  if (word == "reload") return load() == kExitOk;
  if (word == "quit" || word == "q") return over_ = true;
  if (word == "facts" && !argument.empty()) {
    Entries next = entries_;
    next.changes.push_back({Change::Kind::kFile, std::string(argument)});
    return keep(std::move(next), Focus::kGiven);
  }
  std::string problem = word == "facts" ? "`:facts` needs a file"
                                        : fmt::format("there is no command `:{}`; `:help` shows them", printable(word));
  return tell(Error{ErrorKind::kUsage, std::move(problem), {}});
}

bool Repl::help() {
  std::string out(kHelp);
  for (const CommandRow& row : kCommands)
    out += fmt::format("  :{:24}{}\n", fmt::format("{} {}", row.name, row.arguments), row.about);
  output_.data(out);
  return true;
}

/// Of :at, which was read when it was given; else of the clock.
int64_t Repl::now() const { return *now_of(at_, schema()); }

bool Repl::decide(std::string_view argument, bool explained) {
  size_t brace = std::min(argument.find('{'), argument.size());
  Result<uint32_t> decision =
      find_decision(made_->engine->plan(), trimmed(argument.substr(0, brace)), made_->bundle.dependencies.get());
  if (!decision) return tell(decision.error());
  Result<int64_t> now = now_of(at_, schema());
  if (!now) return tell(now.error());
  std::string json(brace < argument.size() ? argument.substr(brace) : "{}");
  Result<BoundRequest> request = BoundRequest::from_json(*made_->engine, *decision, json);
  if (!request) return tell(request.error());
  Explanation answer;
  if (explained)
    answer = lictor::explain(*made_->engine, *request, *now);
  else
    answer.decision = made_->engine->evaluate(*request, *now);
  if (format_ == "json") {
    std::string id = make_ulid(system_now());
    output_.data(
        to_text(explained ? explanation_json(schema(), answer, id) : decision_json(schema(), answer.decision, id), 2) +
        "\n");
    return true;
  }
  output_.data(decision_text(schema(), answer.decision, output_));
  if (explained) output_.data(explanation_text(schema(), answer, *made_->engine->plan().sources, output_));
  return true;
}

bool Repl::why(std::string_view pattern) {
  Result<Query> query = analyze_query(made_->bundle.analysis, without_dot(pattern));
  if (!query) return tell(query.error());
  if (query->relation == kNoIndex) return tell(Error{ErrorKind::kUsage, "only rows of relations have proofs", {}});
  Result<std::vector<Row>> rows = matching_rows(*made_->engine, *query, now());
  if (!rows) return tell(rows.error());
  for (size_t i = 0; i < std::min(rows->size(), kMostProofs); ++i) {
    Result<ProofNode> proof = prove(*made_->engine, query->relation, (*rows)[i]);
    if (!proof) return tell(proof.error());
    output_.data(render(schema(), *proof));
  }
  if (rows->empty()) output_.message("no row matches\n");
  if (rows->size() > kMostProofs) output_.message(fmt::format("and {} more\n", rows->size() - kMostProofs));
  return true;
}

bool Repl::names() {
  const Schema& known = schema();
  std::string out;
  auto line = [&](std::string_view kind, const DeclInfo& info, const std::string& rest) {
    if (!info.module.starts_with("std.")) out += fmt::format("{:12}{}{}\n", kind, info.qualified(), rest);
  };
  for (const ParamDecl& decl : known.params) line("param", decl.info, ": " + type_name(known, decl.type));
  for (const EnumDecl& decl : known.enums) {
    std::vector<std::string> members;
    for (const EnumMemberDecl& member : decl.members) members.push_back(member.name);
    line("enum", decl.info, fmt::format(" {{ {} }}", fmt::join(members, decl.ordered ? " < " : ", ")));
  }
  for (const EntityDecl& decl : known.entities)
    line("entity", decl.info, fmt::format(" {{ {} }}", columns_text(known, decl.attributes)));
  for (const RelationDecl& decl : known.relations) {
    if (!decl.synthetic) line("relation", decl.info, fmt::format("({})", columns_text(known, decl.columns)));
  }
  for (const RequestDecl& decl : known.requests)
    line("request", decl.info, fmt::format(" {{ {} }}", columns_text(known, decl.fields)));
  for (const Decision& decision : made_->bundle.analysis.program.decisions) line("decision", decision.info, "");
  output_.data(out);
  return true;
}

bool Repl::list() {
  std::string out;
  for (const std::string& use : entries_.uses) out += use + "\n";
  for (const std::string& declaration : entries_.declarations) out += declaration + "\n";
  for (const Change& change : entries_.changes) {
    std::string_view word = change.kind == Change::Kind::kFile     ? ":facts "
                            : change.kind == Change::Kind::kForget ? "forget "
                                                                   : "";
    out += fmt::format("{}{}\n", word, change.text);
  }
  output_.data(out);
  return true;
}

bool Repl::undo() {
  if (before_.empty()) return tell(Error{ErrorKind::kUsage, "there is nothing to take back", {}});
  Entries entries = std::move(before_.back());
  before_.pop_back();
  return keep(std::move(entries), Focus::kNone);
}

bool Repl::set_format(std::string_view format) {
  if (std::ranges::find(kFormats, format) == std::end(kFormats))
    return tell(Error{ErrorKind::kUsage, fmt::format("the format is one of {}", fmt::join(kFormats, ", ")), {}});
  format_ = format;
  return true;
}

bool Repl::set_time(std::string_view time) {
  Result<int64_t> now = now_of(std::string(time), schema());
  if (!now) return tell(now.error());
  at_ = time;
  return true;
}

std::vector<std::string> Repl::words() const {
  std::vector<std::string> out;
  for (const CommandRow& row : kCommands) out.push_back(fmt::format(":{}", row.name));
  for (const Builtin& builtin : builtins()) {
    if (builtin.module.empty()) out.emplace_back(builtin.name);
  }
  for (std::string_view word :
       {"given", "forget", "relation", "decision", "request", "entity", "param", "exists", "forall"})
    out.emplace_back(word);
  auto add = [&](const auto& list) {
    for (const auto& decl : list) out.push_back(decl.info.name);
  };
  const Schema& known = schema();
  add(known.params);
  add(known.enums);
  add(known.entities);
  add(known.requests);
  for (const RelationDecl& decl : known.relations) {
    if (!decl.synthetic) out.push_back(decl.info.name);
  }
  for (const EnumDecl& decl : known.enums) {
    for (const EnumMemberDecl& member : decl.members) out.push_back(member.name);
  }
  add(made_->bundle.analysis.program.decisions);
  return out;
}

}  // namespace lictor::cli
