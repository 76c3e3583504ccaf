// lictor doc: every declaration has its place, every link leads somewhere, no text becomes markup, and the same bundle
// gives the same bytes.
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

class Doc : public CommandTest {
 protected:
  /// All pages below a folder, by path.
  std::map<std::string, std::string> pages(const std::string& folder) const {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(path(folder))) {
      if (!entry.is_regular_file()) continue;
      std::string name = fs::relative(entry.path(), path(folder)).string();
      out.emplace(name, read(folder + "/" + name));
    }
    return out;
  }

  std::map<std::string, std::string> made(const std::string& bundle) {
    fs::remove_all(path("out"));
    Ran ran = lictor({"doc", "-b", bundle, "-o", "out"});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return ran.code == 0 ? pages("out") : std::map<std::string, std::string>();
  }
};

std::vector<std::string> found(const std::string& text, const char* pattern) {
  std::regex regex(pattern);
  std::vector<std::string> out;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
    out.push_back((*it)[1]);
  return out;
}

/// Elements are closed in order, ids stand once, and each link has its target.
void expect_sound(const std::map<std::string, std::string>& pages) {
  static const std::set<std::string> kVoid = {"meta", "!DOCTYPE"};
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& [name, text] : pages) {
    std::vector<std::string> open;
    static const std::regex kTag("<(/?)([!A-Za-z0-9]+)[^>]*>");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), kTag); it != std::sregex_iterator(); ++it) {
      std::string tag = (*it)[2];
      if (kVoid.contains(tag) || it->str().ends_with("/>")) continue;
      if ((*it)[1].length() == 0) {
        open.push_back(tag);
        continue;
      }
      ASSERT_FALSE(open.empty()) << name;
      ASSERT_EQ(open.back(), tag) << name << " at " << it->position();
      open.pop_back();
    }
    EXPECT_TRUE(open.empty()) << name;
    for (const std::string& id : found(text, " id=\"([^\"]*)\""))
      EXPECT_TRUE(ids[name].insert(id).second) << name << " has " << id << " twice";
  }
  for (const auto& [name, text] : pages) {
    for (const std::string& link : found(text, " href=\"([^\"]*)\"")) {
      if (link.starts_with("http")) continue;
      std::string file = link.substr(0, link.find('#'));
      std::string page = file.empty() ? name : (fs::path(name).parent_path() / file).lexically_normal().string();
      ASSERT_TRUE(pages.contains(page)) << name << " links to " << link;
      size_t hash = link.find('#');
      if (hash == std::string::npos) continue;
      EXPECT_TRUE(ids[page].contains(link.substr(hash + 1))) << name << " links to " << link;
    }
  }
}

/// Names of all declarations of a policy, by its text.
std::set<std::string> declared(const std::string& text) {
  std::set<std::string> out;
  static const std::regex kDeclaration(
      "(?:^|\n)(?:@[^\n]*\n)*(?:private )?(?:param|enum|type|entity|relation|event|request|let|obligation|blocking "
      "obligation|requirement|decision|invariant|constitution) ([A-Za-z_0-9]+)");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), kDeclaration); it != std::sregex_iterator(); ++it)
    out.insert((*it)[1]);
  static const std::regex kRule("\n([a-z_]+)\\([^\n]*\\)[^\n]* :-");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), kRule); it != std::sregex_iterator(); ++it)
    out.insert((*it)[1]);
  return out;
}

std::vector<std::string> example_bundles() {
  std::vector<std::string> out = {LICTOR_SOURCE_DIR "/policies/atom"};
  for (const auto& entry : fs::directory_iterator(LICTOR_SOURCE_DIR "/policies/examples")) {
    if (fs::exists(entry.path() / "lictor.toml")) out.push_back(entry.path().string());
  }
  std::ranges::sort(out);
  return out;
}

TEST_F(Doc, ExamplesAreWhole) {
  ASSERT_GT(example_bundles().size(), 5u);
  for (const std::string& bundle : example_bundles()) {
    SCOPED_TRACE(bundle);
    auto pages = made(bundle);
    expect_sound(pages);
    size_t names = 0;
    for (const auto& entry : fs::recursive_directory_iterator(bundle)) {
      std::string file = entry.path().filename().string();
      if (!file.ends_with(".lictor") || file.ends_with("_test.lictor")) continue;
      std::ifstream in(entry.path());
      std::string text(std::istreambuf_iterator<char>(in), {});
      std::smatch module;
      ASSERT_TRUE(std::regex_search(text, module, std::regex("(?:^|\n)module ([A-Za-z_0-9.]+)")));
      const std::string& page = pages["modules/" + module[1].str() + ".html"];
      for (const std::string& name : declared(text)) {
        ++names;
        EXPECT_THAT(page, HasSubstr("id=\"" + name + "\"")) << file;
      }
    }
    EXPECT_GT(names, 3u);
  }
}

constexpr std::string_view kAll = R"lictor(/// All kinds & <b>signs</b>.
///
/// - one
/// - two `a < b`
module all.kinds
use std.governance (Severity)

/// How many.
@owner("team <x>") @since("1.2")
param limit: int = 3
param must: string
param worst: Severity = high
@deprecated
enum Rank { guest < staff < chief as "the <chief>" }
type Level = int 1..4
type Pair = record { left: int, right: string? }
/// Who.
entity Person in Team { rank: Rank, badge: string? as "the \"badge\"", @sensitive secret: string = "<script>alert(1)</script>" }
entity Team
@source("https://example.org/?a=1&b=2") @title("Who opens & what")
relation opens(door: string, least: Rank) key(door) { ("front", guest) ("<img src=x onerror=y>", chief) }
@source("javascript:alert(1)")
relation grants(person: Person, until: time?) expires at until from host
event seen(person: Person) keep 1h
request Entry { who: Person, door: string, tries: int 0..9 = 0 }
let doubled(n: int) -> int = n * 2
obligation log(text: string)
requirement escort(rank: Rank)

/// Which doors.
may(rank, door) :-
  opens(door, least),
  // a remark: "x"
  rank = Rank.chief,
  rank >= least.
invariant no_cellar(least: Rank): "no cellar" not (opens("cellar", least))

/// Who may enter.
decision enter(r: Entry) {
  default deny "nothing opens <{r.door}> for {r.who}"
  /// By rank.
  @severity(high)
  allow rank: "{r.who.rank} & \"more\"" if opens(r.door, least), r.who.rank >= least then log(text: "{r.who} <enters>").
  require slow: "slow" escort(rank: chief) if r.tries > limit.
  override deny closed: "closed".
}
)lictor";

TEST_F(Doc, AllKinds) {
  write("b/all.lictor", kAll);
  write("b/lictor.toml", "name = \"b <i>\"\nversion = \"1.0\"\n[params.default]\nmust = \"<s>\"\n");
  auto pages = made("b");
  expect_sound(pages);
  const std::string& page = pages["modules/all.kinds.html"];
  for (const char* name : {"limit",  "must",          "Rank",       "Rank.chief",  "Level",       "Pair",   "Pair.left",
                           "Person", "Person.secret", "Team",       "opens",       "opens.least", "grants", "seen",
                           "Entry",  "Entry.tries",   "doubled",    "log",         "escort",      "may",    "no_cellar",
                           "enter",  "enter.rank",    "enter.slow", "enter.closed"}) {
    EXPECT_THAT(page, HasSubstr("id=\"" + std::string(name) + "\""));
  }
  for (const char* text :
       {"owner: team &lt;x&gt;", "since: 1.2", "<span class=\"badge\">deprecated</span>", "Who opens &amp; what",
        "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noreferrer\">", "source: javascript:alert(1)",
        "the &quot;badge&quot;", "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=y&gt;",
        "<li>two <code>a &lt; b</code></li>", "Set <code>default</code>", "Kept by the host", "severity: high",
        "<span class=\"badge\">override</span>", "badge require", "Which doors.", "class=\"note\">// a remark"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
  EXPECT_THAT(page, HasSubstr("<a href=\"../modules/all.kinds.html#Rank\">Rank</a>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"../modules/std.governance.html#Severity\">"));
  EXPECT_THAT(pages["index.html"],
              AllOf(HasSubstr("b &lt;i&gt;"), HasSubstr("Version 1.0"), HasSubstr("Who may enter.")));
  for (const auto& [name, text] : pages) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img")), Not(HasSubstr("<b>")),
                            Not(HasSubstr("href=\"javascript")), Not(HasSubstr("<s>"))))
        << name;
  }
}

TEST_F(Doc, TheSameBytesEachTimeAndFromEverywhere) {
  write("b/all.lictor", kAll);
  write("b/lictor.toml", "name = \"b\"\n[params.default]\nmust = \"x\"\n");
  auto first = made("b");
  EXPECT_EQ(made("b"), first);
  EXPECT_EQ(made(path("b")), first);
  EXPECT_EQ(made("./b/"), first);
  write("b/all.lictor", std::regex_replace(std::string(kAll), std::regex(", "), ",     "));  // laid out by hand
  EXPECT_EQ(made("b"), first);
}

TEST_F(Doc, ConditionsAreLaidOutByTheFormatter) {
  write("b/doors.lictor", std::regex_replace(std::string(kDoors), std::regex(", r.who.rank >= least"),
                                             ",\n\n\n     r.who.rank   >= least"));
  EXPECT_THAT(made("b")["modules/doors.html"],
              HasSubstr("least), r.<a href=\"../modules/doors.html#Entry.who\">who</a>."));
}

TEST_F(Doc, AConstitutionIsOneTable) {
  std::string bundle;
  for (const std::string& one : example_bundles()) {
    if (one.ends_with("constitution")) bundle = one;
  }
  ASSERT_FALSE(bundle.empty());
  bool any = false;
  for (const auto& [name, text] : made(bundle)) any |= text.find("<th>Violated if</th>") != std::string::npos;
  EXPECT_TRUE(any);
}

TEST_F(Doc, ALifecycleIsDrawn) {
  write("b/models.lictor", R"(module models
entity User
entity Model { ready: bool = false }
lifecycle of Model(actor: User) {
  initial registered
  final retired
  registered -> approved on approve.
  approved -> registered on withdraw(note: string): "back: {note}" if note != "".
  approved -> retired after 30d.
  any -> retired on retire if object.ready.
}
obligation nudge(model: Model)
watch waiting(m: Model): "{m} waits" if Model(m), not m.ready, m.state == approved for 2m then nudge(m).
request Look { model: Model }
decision look(r: Look) {
  default deny "no"
  allow open: "open" if r.model.state == approved.
}
)");
  auto pages = made("b");
  expect_sound(pages);
  const std::string& page = pages["modules/models.html"];
  EXPECT_EQ(found(page, "<text x=\"[0-9]+\" y=\"[0-9]+\">([^<]*)</text>"),
            (std::vector<std::string>{"approve", "withdraw", "after 30d", "retire", "retire"}));
  EXPECT_EQ(found(page, "<text class=\"name\"[^>]*>([^<]*)</text>"),
            (std::vector<std::string>{"registered", "approved", "retired"}));
  EXPECT_THAT(page,
              AllOf(HasSubstr("rect class=\"initial\""), HasSubstr("rect class=\"inner\""), HasSubstr("id=\"waiting\""),
                    HasSubstr("== <a href=\"../modules/models.html#Model.State.approved\">approved</a>")));
  for (const std::string& word : found(page, "<a href=\"\\.\\./[^\"]*\">([^<]*)</a>"))
    EXPECT_TRUE(std::regex_match(word, std::regex("[A-Za-z_0-9.]+"))) << word;
}

TEST_F(Doc, Failures) {
  write("b/doors.lictor", "module doors\nrelation p(x: Nothing)\n");
  Ran ran = lictor({"doc", "-b", "b", "-o", "out"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("b/doors.lictor:2:"));
  EXPECT_FALSE(fs::exists(path("out")));
  EXPECT_EQ(lictor({"doc", "-b", "b"}).code, 2);
  write("c/doors.lictor", kDoors);
  write("taken", "");
  EXPECT_EQ(lictor({"doc", "-b", "c", "-o", "taken"}).code, 70);
}

}  // namespace
}  // namespace lictor::test
