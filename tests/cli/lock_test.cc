// Dependencies and lictor.lock: what is taken over, what is refused, and that no change of a dependency goes unseen.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr std::string_view kRoles = R"(/// Roles and who has them.
module roles
enum Role { reader < editor < owner }
param strict: bool = false
relation grants(user: string, role: Role) from "grants.csv"
)";

constexpr std::string_view kTeams = R"(module teams
use roles (Role, grants)
relation least(team: string, role: Role) key(team) { ("a", reader) ("b", editor) }
in_team(user, team) :- least(team, least_role), grants(user, role), role >= least_role.
)";

constexpr std::string_view kApp = R"(module app
use teams (in_team)
use roles (grants, Role)
request Ask { user: string, team: string }
decision enter(r: Ask) {
  default deny "{r.user} is not in {r.team}"
  allow member: "{r.user} is in {r.team}" if in_team(r.user, r.team).
}
)";

/// app depends on teams and roles, teams on roles: roles is there once.
class Lock : public CommandTest {
 protected:
  Lock() {
    write("roles/roles.lictor", kRoles);
    write("roles/roles_test.lictor", "module roles_test\nthis does not parse\n");
    write("roles/grants.csv", "user,role\nann,reader\nbob,owner\n");
    write("roles/lictor.toml", "name = \"roles\"\nversion = \"1.2.0\"\n[params.default]\nstrict = true\n");
    write("teams/teams.lictor", kTeams);
    write("teams/lictor.toml",
          "name = \"teams\"\n[dependencies]\nroles = { path = \"../roles\", version = \"^1.2\" }\n");
    write("app/app.lictor", kApp);
    write("app/app_test.lictor",
          "module app_test\nuse teams (least)\nuse app (enter)\ntest \"it\" {\n"
          "  expect enter(user: \"ann\", team: \"a\") deny default\n}\n");
    write("app/lictor.toml",
          "name = \"app\"\n[dependencies]\nteams = { path = \"../teams\" }\nroles = { path = \"../roles\" }\n");
    write("app/ask.json", R"({"user": "ann", "team": "a"})");
  }

  Ran lock(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"lock", "-b", "app"});
    return lictor(more);
  }
  Ran eval() { return lictor({"eval", "-b", "app", "-r", "app/ask.json", "--format", "json"}); }
  std::string hash() { return parse_json(eval().out).value("bundle", ""); }

  /// The findings of `check app`, "E0662:3 message".
  std::vector<std::string> findings(int code, const std::string& bundle = "app") {
    Ran ran = lictor({"check", bundle, "--format", "json"});
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    std::vector<std::string> out;
    for (const auto& one : parse_json(ran.out)) {
      out.push_back(one["code"].get<std::string>() + " " +
                    fs::path(one["file"].get<std::string>()).filename().string() + ":" +
                    std::to_string(one["line"].get<int>()) + " " + one["message"].get<std::string>());
    }
    return out;
  }
};

TEST_F(Lock, TakesOverModulesAndDataFiles) {
  EXPECT_EQ(lock().code, 0);
  Ran allowed = eval();
  EXPECT_EQ(allowed.code, 0) << allowed.err;
  EXPECT_EQ(parse_json(allowed.out)["clause"], "member");
  write("app/ask.json", R"({"user": "ann", "team": "b"})");
  EXPECT_EQ(eval().code, 1);
  EXPECT_THAT(findings(0), ElementsAre());
  EXPECT_EQ(lictor({"test", "app"}).code, 0);  // the tests of roles do not parse, and are not read
  Ran rows = lictor({"query", "-b", "app", "grants(u, _)"});
  EXPECT_THAT(rows.out, AllOf(HasSubstr("ann"), HasSubstr("bob")));
}

TEST_F(Lock, ParameterSetsStayBehindAndCanBeGiven) {
  write("app/app.lictor", "module app\nuse roles (strict)\nrelation on(text: string)\non(\"yes\") :- strict.\n");
  std::filesystem::remove(path("app/app_test.lictor"));
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(lictor({"query", "-b", "app", "on(x)"}).out, Not(HasSubstr("yes")));
  EXPECT_THAT(lictor({"query", "-b", "app", "--param", "strict=true", "on(x)"}).out, HasSubstr("yes"));
  write("app/lictor.toml", read("app/lictor.toml") + "[params.default]\nstrict = true\n");
  EXPECT_THAT(lictor({"query", "-b", "app", "on(x)"}).out, HasSubstr("yes"));
}

TEST_F(Lock, TheFileIsCanonical) {
  Ran first = lock();
  EXPECT_THAT(first.err, HasSubstr("wrote app/lictor.lock: 2 dependencies"));
  std::string text = read("app/lictor.lock");
  EXPECT_LT(text.find("name = \"roles\""), text.find("name = \"teams\""));
  EXPECT_THAT(text, AllOf(HasSubstr("path = \"../roles\"\n"), HasSubstr("version = \"1.2.0\"\n"),
                          HasSubstr("hash = \"sha256:")));
  Ran again = lock({"--check"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.err, HasSubstr("up to date"));
  write("app/lictor.lock", text + "\n");
  Ran stale = lock({"--check"});
  EXPECT_EQ(stale.code, 1);
  EXPECT_THAT(stale.err, HasSubstr("out of date"));
  EXPECT_EQ(read("app/lictor.lock"), text + "\n");
  EXPECT_EQ(lock().code, 0);
  EXPECT_EQ(read("app/lictor.lock"), text);
}

TEST_F(Lock, WithoutItEveryCommandRefuses) {
  std::vector<std::vector<std::string>> commands = {{"eval", "-b", "app", "-r", "app/ask.json"},
                                                    {"query", "-b", "app", "grants(u, _)"},
                                                    {"check", "app"},
                                                    {"test", "app"},
                                                    {"repl", "-b", "app"},
                                                    {"bench", "-b", "app", "-r", "app/ask.json"}};
  for (const auto& command : commands) {
    Ran ran = lictor(command);
    EXPECT_EQ(ran.code, 3) << command[0] << ran.out;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("E0661"), HasSubstr("lictor lock -b app"))) << command[0];
  }
}

/// What was changed, file and text, and what the finding says.
struct Change {
  const char* name;
  const char* file;
  std::string before, after, says;
};

class Tampered : public Lock, public ::testing::WithParamInterface<Change> {};

TEST_P(Tampered, IsRefused) {
  ASSERT_EQ(lock().code, 0);
  ASSERT_EQ(eval().code, 0);
  const Change& change = GetParam();
  std::string text = read(change.file);
  size_t at = text.find(change.before);
  ASSERT_NE(at, std::string::npos);
  write(change.file, text.replace(at, change.before.size(), change.after));
  Ran ran = eval();
  EXPECT_EQ(ran.code, 3) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("E0662"), HasSubstr(change.says), HasSubstr("lictor lock -b app")));
  EXPECT_EQ(lock({"--check"}).code, 1);
  EXPECT_EQ(lock().code, 0);
  EXPECT_LE(eval().code, 1);
}

const std::string kHashes = "its hash is sha256:";

INSTANTIATE_TEST_SUITE_P(
    All, Tampered,
    ::testing::Values(
        Change{"policy", "roles/roles.lictor", "editor < owner", "owner < editor", kHashes},
        Change{"data", "roles/grants.csv", "ann,reader", "ann,editor", kHashes},
        Change{"end_of_data", "roles/grants.csv", "bob,owner\n", "bob,owner\neve,owner\n", kHashes},
        Change{"parameter", "roles/roles.lictor", "bool = false", "bool = true", kHashes},
        Change{"rule", "teams/teams.lictor", "role >= least_role", "role > least_role", kHashes},
        Change{"row", "teams/teams.lictor", "(\"a\", reader) ", "", kHashes},
        Change{"version", "roles/lictor.toml", "1.2.0", "1.2.1", "its version is 1.2.1, there it is 1.2.0"},
        Change{"lock_hash", "app/lictor.lock", "sha256:", "sha256:0", kHashes},
        Change{"lock_path", "app/lictor.lock", "../roles", "../r", "its folder is ../roles, there it is ../r"},
        Change{"lock_name", "app/lictor.lock", "\"teams\"", "\"team\"", "the bundle does not depend on it"},
        Change{"lock_twice", "app/lictor.lock", "\"teams\"", "\"roles\"", "it stands there twice"}),
    [](const auto& info) { return info.param.name; });

TEST_F(Lock, BothHashesAndTheNameAreShown) {
  ASSERT_EQ(lock().code, 0);
  std::string text = read("app/lictor.lock");
  size_t at = text.find("sha256:");
  std::string before = text.substr(at, 71);
  write("roles/grants.csv", "user,role\n");
  auto found = findings(3);
  ASSERT_EQ(found.size(), 2u);  // teams uses roles, so it is another one too
  EXPECT_THAT(found[0],
              AllOf(HasSubstr("E0662 lictor.lock:4 the dependency `roles`"), HasSubstr("there it is " + before)));
  EXPECT_THAT(found[1], HasSubstr("the dependency `teams`"));
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(found[0], HasSubstr(read("app/lictor.lock").substr(at, 71)));
}

TEST_F(Lock, LayoutAndCommentsDoNotCount) {
  ASSERT_EQ(lock().code, 0);
  std::string before = hash();
  write("roles/roles.lictor", "// a remark\n\n" + std::string(kRoles) + "\n// another\n");
  EXPECT_EQ(eval().code, 0);
  EXPECT_EQ(hash(), before);
}

TEST_F(Lock, TheHashOfADecisionCoversWhatNobodyUses) {
  ASSERT_EQ(lock().code, 0);
  std::string before = hash();
  EXPECT_THAT(before, HasSubstr("sha256:"));
  write("roles/unused.lictor", "module roles.unused\nrelation p(n: int) { (1) }\n");
  ASSERT_EQ(lock().code, 0);
  std::string with = hash();
  EXPECT_NE(with, before);
  std::filesystem::remove(path("roles/unused.lictor"));
  ASSERT_EQ(lock().code, 0);
  EXPECT_EQ(hash(), before);
}

TEST_F(Lock, CirclesNameTheWay) {
  write("roles/lictor.toml", "name = \"roles\"\nversion = \"1.2\"\n[dependencies]\napp = { path = \"../app\" }\n");
  EXPECT_THAT(findings(1), ElementsAre("E0658 lictor.toml:4 bundles depend on each other in a circle: `app` -> `roles` "
                                       "-> `app`"));
  fs::remove(path("roles/roles_test.lictor"));
  write("roles/lictor.toml", "name = \"roles\"\nversion = \"1.2\"\n[dependencies]\nroles = { path = \".\" }\n");
  EXPECT_THAT(findings(1, "roles"),
              ElementsAre("E0658 lictor.toml:4 bundles depend on each other in a circle: `roles` -> `roles`"));
}

TEST_F(Lock, WrongEntriesAreShownAtTheirPlace) {
  std::filesystem::create_directory_symlink("round", path("round"));
  write("bare/note.txt", "");
  write("ill/ill.lictor", "module ill\nrelation\n");
  write("other/roles/roles.lictor", "module other\n");
  write("app/lictor.toml", R"(name = "app"
[dependencies]
a = { path = "../none" }
b = { path = "../round" }
c = { path = "ask.json" }
d = { path = "../teams" }
e = "../roles"
f = { path = 7 }
g = { path = "../roles", branch = "main" }
roles = { path = "../roles", version = "^2" }
teams = { path = "../teams", version = "newest" }
)");
  EXPECT_THAT(findings(1),
              ElementsAre("E0656 lictor.toml:3 the dependency `a` has no folder: there is no `../none`",
                          "E0656 lictor.toml:4 the dependency `b` has no folder: `../round` is a circle of links",
                          "E0656 lictor.toml:5 the dependency `c` has no folder: `ask.json` is a file",
                          "E0656 lictor.toml:6 the dependency `d` calls itself `teams`",
                          HasSubstr("E0652 lictor.toml:7 `dependencies.e` must be a table"),
                          HasSubstr("E0652 lictor.toml:8 `dependencies.f` must be a table"),
                          HasSubstr("E0651 lictor.toml:9 unknown key `dependencies.g.branch`"),
                          "E0657 lictor.toml:10 the dependency `roles` has the version 1.2.0, but `^2` is asked for",
                          HasSubstr("E0652 lictor.toml:11 `dependencies.teams.version` must be a requirement")));
  write("app/lictor.toml", "name = \"app\"\n[dependencies]\nbare = { path = \"../bare\" }\n");
  EXPECT_THAT(findings(1), ElementsAre(AllOf(HasSubstr("E0656 lictor.toml:3 the dependency `bare` cannot be loaded"),
                                             HasSubstr("there is no .lictor file"))));
  write("app/lictor.toml", "name = \"app\"\n[dependencies]\nill = { path = \"../ill\" }\n");
  auto ill = findings(1);
  ASSERT_FALSE(ill.empty());
  EXPECT_THAT(ill[0], HasSubstr("ill.lictor:2"));
  write("app/lictor.toml",
        "name = \"app\"\n[dependencies]\nteams = { path = \"../teams\" }\nroles = { path = \"../other/roles\" }\n");
  EXPECT_THAT(findings(1), ElementsAre(HasSubstr("the dependency `roles` is the name of two bundles")));
  EXPECT_EQ(lock().code, 3);
}

TEST_F(Lock, AModuleIsOfOneBundle) {
  write("app/roles.lictor", "module roles\n");
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(findings(1), ::testing::Contains("E0659 roles.lictor:1 the module `roles` is defined by two bundles, "
                                               "`roles` and `app`"));
  std::filesystem::remove(path("app/roles.lictor"));
  write("teams/roles.lictor", "module roles\n");
  EXPECT_THAT(findings(1), ElementsAre("E0659 roles.lictor:1 the module `roles` is defined by two bundles, `roles` and "
                                       "`teams`"));
  std::filesystem::remove(path("teams/roles.lictor"));
  write("roles/std.lictor", "module std.governance\n");
  EXPECT_THAT(findings(1),
              ElementsAre(HasSubstr("the module `std.governance` is defined by two bundles, `std` and `roles`")));
}

TEST_F(Lock, OnlyOwnDependenciesMayBeUsed) {
  write("app/lictor.toml", "name = \"app\"\n[dependencies]\nteams = { path = \"../teams\" }\n");
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(findings(1), ElementsAre("E0660 app.lictor:3 the module `roles` is of the bundle `roles`, which is no "
                                       "dependency of `app`"));
}

TEST_F(Lock, BundlesInsideOfEachOther) {
  write("app/vendor/inner/inner.lictor", "module inner\nrelation p(n: int) { (1) }\n");
  write("app/vendor/inner/lictor.toml", "name = \"inner\"\n[dependencies]\nroles = { path = \"../../../roles\" }\n");
  write("app/lictor.toml", read("app/lictor.toml") + "inner = { path = \"vendor/inner\" }\n");
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(findings(0), ElementsAre());
  EXPECT_THAT(read("app/lictor.lock"), HasSubstr("path = \"vendor/inner\""));

  write("teams/sub/sub.lictor", "module sub\nuse teams (least)\nq(t) :- least(t, _).\n");
  write("teams/sub/lictor.toml", "name = \"sub\"\n[dependencies]\nteams = { path = \"..\" }\n");
  ASSERT_EQ(lictor({"lock", "-b", "teams/sub"}).code, 0);
  EXPECT_THAT(findings(0, "teams/sub"), ElementsAre());
}

TEST_F(Lock, AnAbsolutePathStaysAbsolute) {
  write("app/lictor.toml", "name = \"app\"\n[dependencies]\nroles = { path = \"" + path("roles") +
                               "\" }\nteams = { path = \"../teams\" }\n");
  ASSERT_EQ(lock().code, 0);
  EXPECT_THAT(read("app/lictor.lock"), HasSubstr("path = \"" + fs::canonical(path("roles")).string() + "\""));
  EXPECT_EQ(eval().code, 0);
}

TEST_F(Lock, DecisionsOfDependenciesStandBack) {
  write("teams/teams.lictor", std::string(kTeams) +
                                  "request Ask { n: int }\ndecision ask(r: Ask) {\n  default deny \"no\"\n  allow all: "
                                  "\"yes\" if r.n > 0.\n}\n");
  ASSERT_EQ(lock().code, 0);
  EXPECT_EQ(eval().code, 0);
  EXPECT_EQ(lictor({"eval", "-b", "app", "-d", "teams.ask", "-r", "-"}, {.input = "{\"n\": 1}"}).code, 0);
}

TEST_F(Lock, WithoutDependenciesThereIsNothingToLock) {
  Ran ran = lictor({"lock", "-b", "roles"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("roles/lictor.lock")));
  EXPECT_EQ(lictor({"lock", "-b", "nowhere"}).code, 2);
  EXPECT_EQ(lictor({"lock", "-b", "app/app.lictor"}).code, 2);
}

TEST_F(Lock, AnEditorSeesTheModules) {
  auto framed = [](const nlohmann::json& message) {
    std::string body = message.dump();
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  auto where_in_team_is = [&] {
    std::string uri = "file://" + path("app/app.lictor");
    nlohmann::json empty = nlohmann::json::object(),
                   document = {{"uri", uri}, {"languageId", "lictor"}, {"version", 1}};
    document["text"] = read("app/app.lictor");
    nlohmann::json position = {{"line", 1}, {"character", 12}};
    std::string input =
        framed({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", {{"capabilities", empty}}}}) +
        framed({{"jsonrpc", "2.0"}, {"method", "initialized"}, {"params", empty}}) +
        framed({{"jsonrpc", "2.0"}, {"method", "textDocument/didOpen"}, {"params", {{"textDocument", document}}}}) +
        framed({{"jsonrpc", "2.0"},
                {"id", 2},
                {"method", "textDocument/definition"},
                {"params", {{"textDocument", {{"uri", uri}}}, {"position", position}}}}) +
        framed({{"jsonrpc", "2.0"}, {"id", 3}, {"method", "shutdown"}}) +
        framed({{"jsonrpc", "2.0"}, {"method", "exit"}});
    return lictor({"lsp"}, {.input = input}).out;
  };
  EXPECT_THAT(where_in_team_is(), AllOf(HasSubstr("\"id\":2"), HasSubstr("teams/teams.lictor")));
  write("app/lictor.toml", "name = \"app\"\n");
  EXPECT_THAT(where_in_team_is(), AllOf(HasSubstr("\"id\":2"), Not(HasSubstr("teams/teams.lictor"))));
}

}  // namespace
}  // namespace lictor::test
