// Bundles on disk: which files are read, what lictor.toml may say, how parameters are put together.
#include "host/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <map>
#include <optional>

#include "tests/host/audit_files.h"

namespace lictor {
namespace {

using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;
using testing::write_file;

constexpr const char* kModule = R"(module doors
param open: bool = false
param least: decimal 0.0..1.0 = 0.5
param limit: int 1..10 = 3
param wait: duration = 5m
param level: Level = low
param levels: set<Level> = { low }
param weight: map<Level, decimal> = { low: 0.1, high: 0.9 }
param greeting: string = "hello"
param guard: Person? = none
param since: time? = none
enum Level { low < high }
entity Person { level: Level } { ("ann", level: high) }
request Enter { person: Person }
decision enter(r: Enter) {
  default deny "shut"
  allow open: "open to all" if open.
}
)";

Result<Bundle> load(const Folder& folder, const LoadOptions& options = {}) {
  std::string path = folder.path().string();
  return load_bundle(std::span(&path, 1), options);
}

std::vector<std::string> names(const Folder& folder, const Bundle& bundle) {
  std::vector<std::string> out;
  for (const std::string& file : bundle.files) out.push_back(std::filesystem::relative(file, folder.path()).string());
  return out;
}

std::string messages(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    text += d.code + ":" + std::to_string(d.place.line) + ": " + d.message + "\n";
    for (const std::string& hint : d.hints) text += "  " + hint + "\n";
  }
  return text;
}

TEST(Bundle, ReadsTheFilesBelowItInSortedOrder) {
  Folder folder;
  write_file(folder / "b.lictor", "module b\n");
  write_file(folder / "a/z.lictor", "module z\n");
  write_file(folder / "a/b/c.lictor", "module c\n");
  write_file(folder / "x_test.lictor", "module x\n");
  write_file(folder / ".hidden.lictor", "not a policy");
  write_file(folder / ".git/y.lictor", "not a policy");
  write_file(folder / "notes.txt", "not a policy");
  auto bundle = load(folder);
  ASSERT_TRUE(bundle) << bundle.error().message;
  EXPECT_TRUE(bundle->ok) << messages(bundle->diagnostics);
  EXPECT_THAT(names(folder, *bundle), ElementsAre("a/b/c.lictor", "a/z.lictor", "b.lictor"));
  EXPECT_EQ(bundle->name, folder.path().filename());
  EXPECT_THAT(names(folder, *load(folder, {.tests = true})),
              ElementsAre("a/b/c.lictor", "a/z.lictor", "b.lictor", "x_test.lictor"));
}

TEST(Bundle, FollowsNoLinkOutOfItsFolder) {
  Folder folder, outside;
  write_file(outside / "secret.lictor", "module secret\n");
  write_file(folder / "a.lictor", "module a\n");
  std::filesystem::create_symlink(outside / "secret.lictor", folder / "b.lictor");
  std::filesystem::create_directory_symlink(outside.path(), folder / "c");
  std::filesystem::create_directory_symlink(folder.path(), folder / "loop");
  std::filesystem::create_directory(folder / "d.lictor");
  mkfifo((folder / "e.lictor").c_str(), 0600);
  auto bundle = load(folder);
  ASSERT_TRUE(bundle) << bundle.error().message;
  EXPECT_THAT(names(folder, *bundle), ElementsAre("a.lictor"));
  write_file(outside / "other.toml", "name = \"x\"\n");
  std::filesystem::create_symlink(outside / "other.toml", folder / "lictor.toml");
  EXPECT_EQ(load(folder).error().kind, ErrorKind::kUnreadable);
}

TEST(Bundle, ReadsSeveralFilesButNotAFolderAmongThem) {
  Folder folder;
  write_file(folder / "b.lictor", "module b\n");
  write_file(folder / "a.lictor", "module a\n");
  std::vector<std::string> paths{folder / "b.lictor", folder / "a.lictor"};
  auto bundle = load_bundle(paths);
  ASSERT_TRUE(bundle);
  EXPECT_EQ(bundle->files, paths);
  EXPECT_EQ(bundle->root, folder.path());
  EXPECT_EQ(bundle->name, "b");
  paths.push_back(folder.path());
  EXPECT_EQ(load_bundle(paths).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(load_bundle({}).error().kind, ErrorKind::kUsage);
}

TEST(Bundle, SaysWhatCannotBeRead) {
  Folder folder;
  std::string missing = folder / "missing";
  EXPECT_EQ(load_bundle(std::span(&missing, 1)).error().kind, ErrorKind::kUnreadable);
  EXPECT_EQ(load(folder).error().kind, ErrorKind::kUnreadable);  // no .lictor file
  write_file(folder / "a.lictor", std::string(2'000, ' '));
  EXPECT_EQ(load(folder, {.tests = false, .limits = {.max_file_bytes = 1'999}}).error().kind, ErrorKind::kLimit);
  write_file(folder / "b.lictor", std::string(2'000, ' '));
  EXPECT_EQ(load(folder, {.tests = false, .limits = {.max_total_bytes = 3'999}}).error().kind, ErrorKind::kLimit);
  EXPECT_EQ(load(folder, {.tests = false, .limits = {.max_files = 1}}).error().kind, ErrorKind::kLimit);
  write_file(folder / "deep/er/c.lictor", "");
  EXPECT_EQ(load(folder, {.tests = false, .limits = {.max_depth = 1}}).error().kind, ErrorKind::kLimit);
}

TEST(Bundle, AnEmptyFileIsAPolicyWithoutDecisions) {
  Folder folder;
  write_file(folder / "a.lictor", "");
  auto bundle = load(folder);
  ASSERT_TRUE(bundle);
  EXPECT_TRUE(bundle->ok) << messages(bundle->diagnostics);
  auto engine = make_engine(*bundle, {.cache_dir = ""});
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_EQ(find_decision((*engine)->plan(), "anything").error().kind, ErrorKind::kNotFound);
}

TEST(Bundle, MistakesAreDiagnosticsAndNoEngineIsMade) {
  Folder folder;
  write_file(folder / "a.lictor", "module a\np(x) :- q(x).\n");
  auto bundle = load(folder);
  ASSERT_TRUE(bundle);
  EXPECT_FALSE(bundle->ok);
  auto engine = make_engine(*bundle);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::kInvalid);
  EXPECT_FALSE(engine.error().diagnostics.empty());
}

class Config : public ::testing::Test {
 protected:
  Bundle with(const std::string& toml) {
    write_file(folder_ / "doors.lictor", kModule);
    write_file(folder_ / "lictor.toml", toml);
    auto bundle = load(folder_);
    EXPECT_TRUE(bundle) << bundle.error().message;
    return std::move(*bundle);
  }
  /// All parameters of a bundle that is ok, as texts.
  std::map<std::string, std::string> values(const Bundle& bundle, std::string_view set,
                                            std::vector<std::pair<std::string, std::string>> texts = {}) {
    EXPECT_TRUE(bundle.ok) << messages(bundle.diagnostics);
    auto resolved = resolve_params(bundle, set, texts);
    EXPECT_TRUE(resolved) << resolved.error().message;
    std::map<std::string, std::string> out;
    const Schema& schema = bundle.analysis.program.schema;
    for (const auto& [param, value] : *resolved) out[schema.params[param].info.name] = show(schema, value);
    return out;
  }
  std::string mistakes(const std::string& toml) {
    Bundle bundle = with(toml);
    EXPECT_FALSE(bundle.ok);
    return messages(bundle.diagnostics);
  }
  Folder folder_;
};

TEST_F(Config, GivesNameVersionAndLimits) {
  Bundle bundle = with("name = \"d\"\nversion = \"1.2\"\n[data]\nmax_bytes = 100\nmax_rows = 7\n");
  EXPECT_TRUE(bundle.ok) << messages(bundle.diagnostics);
  EXPECT_EQ(bundle.name, "d");
  EXPECT_EQ(bundle.version, "1.2");
  EXPECT_EQ(bundle.fact_limits.max_file_bytes, 100u);
  EXPECT_EQ(bundle.fact_limits.max_rows, 7u);
}

TEST_F(Config, ValuesHaveTheTypesOfTheirParameters) {
  Bundle bundle = with(R"([params.x]
open = true
least = 0.95
limit = 10
wait = "90s"
level = "high"
levels = ["high", "low", "high"]
weight = { high = 1, low = 0.25 }
greeting = "42"
guard = "ann"
since = 2026-01-01T01:00:00+01:00
)");
  auto v = values(bundle, "x");
  EXPECT_EQ(v["open"], "true");
  EXPECT_EQ(v["least"], "0.95");
  EXPECT_EQ(v["limit"], "10");
  EXPECT_EQ(v["wait"], "90s");
  EXPECT_EQ(v["level"], "high");
  EXPECT_EQ(v["levels"], "{low, high}");
  EXPECT_EQ(v["weight"], "{low: 0.25, high: 1}");
  EXPECT_EQ(v["greeting"], "42");
  EXPECT_EQ(v["guard"], "ann");
  EXPECT_EQ(v["since"], "2026-01-01T00:00:00Z");
}

TEST_F(Config, SetsStandOnTheDefaultAndTextsOnBoth) {
  Bundle bundle =
      with("[params.default]\nopen = true\nlimit = 4\n[params.x]\nlimit = 5\n[params.y.doors]\nlimit = 6\n");
  EXPECT_EQ(values(bundle, "")["limit"], "4");
  EXPECT_EQ(values(bundle, "x")["limit"], "5");
  EXPECT_EQ(values(bundle, "x")["open"], "true");
  EXPECT_EQ(values(bundle, "y")["limit"], "6");
  EXPECT_EQ(values(bundle, "x", {{"limit", "7"}, {"doors.limit", "8"}, {"wait", "2h"}})["limit"], "8");
  EXPECT_EQ(values(bundle, "default")["limit"], "4");
  auto unknown = resolve_params(bundle, "defalt", {});
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean `default`?"));
}

TEST_F(Config, TextsThatDoNotFitAreRefused) {
  Bundle bundle = with("");
  using Texts = std::vector<std::pair<std::string, std::string>>;
  for (const auto& [name, text] :
       Texts{{"limit", "11"}, {"limit", "x"}, {"limit", ""}, {"open", "1"}, {"level", "middle"}, {"wait", "5"}}) {
    auto resolved = resolve_params(bundle, "", Texts{{name, text}});
    EXPECT_FALSE(resolved) << name << " = " << text;
  }
  auto unknown = resolve_params(bundle, "", Texts{{"limt", "3"}});
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean `limit`?"));
}

TEST_F(Config, EachMistakeHasItsLine) {
  EXPECT_THAT(mistakes("name = \n"), HasSubstr("E0650:1: lictor.toml cannot be read"));
  EXPECT_THAT(mistakes("name = \"a\"\nname = \"b\"\n"), HasSubstr("E0650"));
  std::string text = mistakes(R"(nam = "x"
version = 3
[data]
max_row = 1
max_bytes = 0
[params.x]
limt = 3
limit = 11
open = "true"
least = 0.12345
level = "lowest"
levels = ["low", 1]
weight = { low = 0.5 }
since = 2026-01-01T00:00:00
wait = 5
[params]
y = 1
)");
  for (const char* expected : {"E0651:1: unknown key `nam`", "did you mean `name`?", "E0652:2: `version` must be",
                               "E0651:4: unknown key `data.max_row`", "E0652:5: `data.max_bytes` must be",
                               "E0201:7: unknown parameter `limt`", "did you mean `limit`?", "E0654:8:", "E0654:9:",
                               "E0654:10:", "E0654:11:", "E0654:12:", "E0654:13:", "E0654:14:", "E0654:15:"}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
}

TEST_F(Config, AParameterNamesAKnownInstance) {
  Bundle bundle = with("[params.x]\nguard = \"nobody\"\n");
  auto engine = make_engine(bundle, {.param_set = "x", .cache_dir = ""});
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(messages(engine.error().diagnostics), HasSubstr("`guard` names `Person(\"nobody\")`"));
}

TEST_F(Config, TheHashCoversTextsParametersAndDataButNotLayout) {
  auto hash = [&](const Bundle& bundle, const char* set) {
    auto engine = make_engine(bundle, {.param_set = set, .cache_dir = ""});
    return engine ? (*engine)->plan().bundle_hash : engine.error().message;
  };
  std::string toml = "[params.x]\nlimit = 5\n";
  Bundle bundle = with(toml);
  std::string plain = hash(bundle, "");
  EXPECT_THAT(plain, ::testing::MatchesRegex("sha256:[0-9a-f]+"));
  EXPECT_EQ(plain.size(), 7u + 64);
  EXPECT_NE(hash(bundle, "x"), plain);

  write_file(folder_ / "doors.lictor", std::string("// a comment\n") + kModule + "\n\n");
  EXPECT_EQ(hash(*load(folder_), ""), plain);
  std::string changed = kModule;
  changed.replace(changed.find("open to all"), 11, "open to me!");
  write_file(folder_ / "doors.lictor", changed);
  EXPECT_NE(hash(*load(folder_), ""), plain);

  write_file(folder_ / "doors.lictor", std::string(kModule) + "relation seen(name: string) from \"seen.csv\"\n");
  write_file(folder_ / "seen.csv", "name\na\n");
  std::string with_data = hash(*load(folder_), "");
  write_file(folder_ / "seen.csv", "name\nb\n");
  EXPECT_THAT(with_data, HasSubstr("sha256:"));
  EXPECT_NE(hash(*load(folder_), ""), with_data);
}

TEST_F(Config, DataFilesOutsideTheFolderAreRefused) {
  write_file(folder_ / "data/doors.lictor",
             std::string(kModule) + "relation seen(name: string) from \"../seen.csv\"\n");
  write_file(folder_ / "seen.csv", "name\na\n");
  std::string path = folder_ / "data";
  auto bundle = load_bundle(std::span(&path, 1));
  ASSERT_TRUE(bundle);
  EXPECT_FALSE(bundle->ok && make_engine(*bundle, {.cache_dir = ""}));
}

TEST(Decisions, AreFoundByShortAndLongNames) {
  Bundle bundle =
      bundle_from_texts({{"a", kModule},
                         {"b",
                          "module other\nrequest R { x: int }\ndecision enter(r: R) { default deny \"no\" }\n"
                          "decision leave(r: R) { default deny \"no\" }\n"}},
                        "");
  ASSERT_TRUE(bundle.ok) << messages(bundle.diagnostics);
  auto engine = make_engine(bundle, {.cache_dir = ""});
  ASSERT_TRUE(engine) << engine.error().message;
  const Plan& plan = (*engine)->plan();
  EXPECT_TRUE(find_decision(plan, "leave"));
  EXPECT_TRUE(find_decision(plan, "doors.enter"));
  EXPECT_NE(*find_decision(plan, "doors.enter"), *find_decision(plan, "other.enter"));
  EXPECT_EQ(find_decision(plan, "enter").error().kind, ErrorKind::kUsage);
  EXPECT_EQ(find_decision(plan, "").error().kind, ErrorKind::kUsage);
  EXPECT_THAT(find_decision(plan, "leav").error().message, HasSubstr("did you mean `leave`?"));
}

class CacheDir : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"LICTOR_CACHE_DIR", "XDG_CACHE_HOME", "HOME"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value != nullptr ? std::optional<std::string>(value) : std::nullopt);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
  }
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

TEST_F(CacheDir, IsPrivateAndChosenInOrder) {
  Folder folder;
  setenv("HOME", folder.path().c_str(), 1);
  unsetenv("XDG_CACHE_HOME");
  unsetenv("LICTOR_CACHE_DIR");
  EXPECT_EQ(default_cache_dir(), folder / ".cache/lictor");
  struct stat info{};
  ASSERT_EQ(stat((folder / ".cache/lictor").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  setenv("XDG_CACHE_HOME", (folder / "xdg").c_str(), 1);
  EXPECT_EQ(default_cache_dir(), folder / "xdg/lictor");
  setenv("LICTOR_CACHE_DIR", (folder / "mine").c_str(), 1);
  EXPECT_EQ(default_cache_dir(), folder / "mine");
  chmod((folder / "mine").c_str(), 0777);
  EXPECT_EQ(default_cache_dir(), "");  // others could put code there
  setenv("LICTOR_CACHE_DIR", "", 1);
  EXPECT_EQ(default_cache_dir(), "");
}

}  // namespace
}  // namespace lictor
