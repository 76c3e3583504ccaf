// The ATOM pack as a whole: rows of the requirements that need files to change, and the requests of its demo.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "lictor/lictor.h"
#include "tests/host/audit_files.h"

namespace lictor {
namespace {

namespace fs = std::filesystem;

const std::string kPack = std::string(LICTOR_SOURCE_DIR) + "/policies/atom";

Options options(Options::Engine engine, const char* set = "production") {
  Options options;
  options.engine = engine;
  options.param_set = set;
  options.cache_dir = "";
  options.wait_for_native = true;
  return options;
}

Policy load(const std::string& path, Options::Engine engine = Options::Engine::kInterpreter,
            const char* set = "production") {
  auto policy = Policy::load(path, options(engine, set));
  EXPECT_TRUE(policy) << to_text(policy.error());
  return std::move(*policy);
}

/// A copy of the pack in which `from` is `to`.
std::string changed_pack(const testing::Folder& folder, const std::string& from, const std::string& to) {
  std::string path = folder / "atom";
  fs::remove_all(path);
  fs::copy(kPack, path, fs::copy_options::recursive);
  std::string text = testing::read_file(path + "/atom.lictor");
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  testing::write_file(path + "/atom.lictor", text.replace(at, from.size(), to));
  return path;
}

Verdict decide(const Policy& policy, std::initializer_list<Request::Field> fields) {
  auto govern = policy.decision("govern").value();
  auto request = govern.bind(fields);
  EXPECT_TRUE(request) << to_text(request.error());
  return govern.evaluate(*request);
}

TEST(Atom, Atom1ChangingOneFactChangesTheAnswer) {
  testing::Folder folder;
  EXPECT_TRUE(decide(load(kPack), {{"agent", "system"}, {"action", "stream_chat"}}).allowed());
  std::string harder =
      changed_pack(folder, "(\"stream_chat\",          streaming, 2)", "(\"stream_chat\",          streaming, 3)");
  Verdict verdict = decide(load(harder), {{"agent", "system"}, {"action", "stream_chat"}});
  EXPECT_FALSE(verdict.allowed());
  EXPECT_EQ(verdict.reason(), "stream_chat needs supervised, the agent is intern");
}

TEST(Atom, Atom9WithoutItsFactAnActionIsRefused) {
  testing::Folder folder;
  EXPECT_TRUE(decide(load(kPack), {{"agent", "system"}, {"action", "present_status_panel"}}).allowed());
  std::string without = changed_pack(folder, "  (\"present_status_panel\", canvas,    1)\n", "");
  Verdict verdict = decide(load(without), {{"agent", "system"}, {"action", "present_status_panel"}});
  EXPECT_EQ(verdict.clause(), "unknown_action");
}

TEST(Atom, Atom10ATierThatTheEnumLacksIsALoadError) {
  testing::Folder folder;
  std::string path = folder / "atom";
  fs::copy(kPack, path, fs::copy_options::recursive);
  std::ofstream(path + "/agents.csv", std::ios::app) << "intruder,omnipotent,1.0,\n";
  auto policy = Policy::load(path, options(Options::Engine::kInterpreter));
  ASSERT_FALSE(policy);
  EXPECT_THAT(to_text(policy.error()), ::testing::HasSubstr("agents.csv"));
  EXPECT_THAT(to_text(policy.error()), ::testing::HasSubstr("omnipotent"));
}

TEST(Atom, Atom18AGhostIsNotedAndTheNextSourceAsked) {
  Policy atom = load(kPack);
  Verdict verdict = decide(atom, {{"agent", "ghost"}, {"action", "stream_chat"}});
  EXPECT_TRUE(verdict.allowed());  // the system's default is an intern
  ASSERT_EQ(verdict.notes().size(), 1u);
  EXPECT_THAT(verdict.notes()[0], ::testing::HasSubstr("ghost"));
}

TEST(Atom, TheStagingSetOpensForms) {
  EXPECT_EQ(decide(load(kPack), {{"agent", "system"}, {"action", "submit_form"}}).clause(), "below");
  Policy staging = load(kPack, Options::Engine::kInterpreter, "staging");
  EXPECT_EQ(decide(staging, {{"agent", "system"}, {"action", "submit_form"}}).clause(), "switched_off");
}

/// The same logic once more, by hand, over the facts as they are in the files.
class ByHand {
 public:
  ByHand() {
    for (const auto& row : rows("agents.csv")) tier_[row[0]] = row[1];
    for (const auto& row : rows("sessions.csv")) session_[row[0]] = row[1];
    for (const auto& row : rows("workspaces.csv")) workspace_[row[0]] = row[1];
  }
  std::string clause(const std::string& agent, const std::string& session, const std::string& workspace,
                     const std::string& action) const {
    static const std::map<std::string, int> kLevels = {
        {"present_chart", 1}, {"present_markdown", 1}, {"present_status_panel", 1}, {"stream_chat", 2},
        {"llm_stream", 2},    {"present_form", 2},     {"submit_form", 3}};
    static const std::map<std::string, int> kTiers = {
        {"student", 1}, {"intern", 2}, {"supervised", 3}, {"autonomous", 4}};
    auto level = kLevels.find(action);
    if (level == kLevels.end()) return "unknown_action";
    std::string acting = tier_.contains(agent) ? agent : value(session_, session);
    if (acting.empty()) acting = value(workspace_, workspace);
    if (acting.empty()) acting = "system";
    auto tier = kTiers.find(tier_.at(acting));
    if (tier == kTiers.end()) return "unknown_tier";
    return tier->second >= level->second ? "mature" : "below";
  }

 private:
  static std::vector<std::vector<std::string>> rows(const std::string& file) {
    std::vector<std::vector<std::string>> out;
    std::ifstream in(kPack + "/" + file);
    std::string line;
    for (std::getline(in, line); std::getline(in, line);) {
      std::vector<std::string>& cells = out.emplace_back(1);
      for (char c : line) c == ',' ? void(cells.emplace_back()) : cells.back().push_back(c);
    }
    return out;
  }
  static std::string value(const std::map<std::string, std::string>& map, const std::string& key) {
    auto found = map.find(key);
    return found == map.end() ? "" : found->second;
  }
  std::map<std::string, std::string> tier_, session_, workspace_;
};

std::string field(const std::string& line, const std::string& name) {
  size_t at = line.find("\"" + name + "\":\"");
  if (at == std::string::npos) return "";
  at += name.size() + 4;
  return line.substr(at, line.find('"', at) - at);
}

class AtomRequests : public ::testing::TestWithParam<Options::Engine> {};

TEST_P(AtomRequests, AreDecidedAsByHand) {
  Policy atom = load(kPack, GetParam());
  auto govern = atom.decision("govern").value();
  ByHand by_hand;
  std::ifstream in(kPack + "/requests.jsonl");
  std::map<std::string, int> clauses;
  int count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    auto request = govern.bind(line);
    ASSERT_TRUE(request) << to_text(request.error());
    std::string expected =
        by_hand.clause(field(line, "agent"), field(line, "session"), field(line, "workspace"), field(line, "action"));
    EXPECT_EQ(govern.decide(*request).clause, expected) << line;
    EXPECT_EQ(govern.evaluate(*request).clause(), expected) << line;
    EXPECT_EQ(govern.decide(*request).allowed(), expected == "mature") << line;
    ++clauses[expected];
  }
  EXPECT_GE(count, 1000);
  EXPECT_EQ(clauses.size(), 4u);  // the file shows every way that production has
}

INSTANTIATE_TEST_SUITE_P(Engines, AtomRequests,
                         ::testing::Values(Options::Engine::kInterpreter, Options::Engine::kJit));

}  // namespace
}  // namespace lictor
