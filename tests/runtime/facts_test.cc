// Facts from JSON, JSON Lines and CSV: read exactly or refused with a place.
#include "runtime/facts.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runtime/facts_reader.h"
#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::lines;
using testing::plan_of;

constexpr const char* kPolicy = R"(module t
enum Level { low < high }
entity Group in Group {}
entity Role {}
entity User in Group, Role { level: Level, boss: User?, tags: set<string> = {} }
relation grants(who: User, what: string, rate: decimal, until: time?) key(who, what)
relation plain(n: int 1..9, on: bool = true)
relation far(x: int) from "data/far.csv"
derived(x) :- plain(x, _).
reach(x, y) :- x = 1, y = 10 / 2, plain(x, _).
)";

class Facts : public ::testing::Test {
 protected:
  Facts() : plan_(plan_of(kPolicy)), schema_(plan_->schema) {}
  uint32_t relation(std::string_view name) const {
    uint32_t i = 0;
    while (schema_.relations[i].info.name != name) ++i;
    return i;
  }
  std::string json(const std::string& text) {
    facts_ = {};
    auto added = add_json_facts(schema_, text, "f.json", facts_);
    return added ? shown() : lines(added.error());
  }
  std::string csv(std::string_view name, const std::string& text) {
    facts_ = {};
    auto added = name == "User" ? add_csv_facts(schema_, 2, true, text, "f.csv", facts_)
                                : add_csv_facts(schema_, relation(name), false, text, "f.csv", facts_);
    return added ? shown() : places(added.error());
  }
  std::string jsonl(std::string_view name, const std::string& text) {
    facts_ = {};
    auto added = name == "User" ? add_jsonl_facts(schema_, 2, true, text, "f.jsonl", facts_)
                                : add_jsonl_facts(schema_, relation(name), false, text, "f.jsonl", facts_);
    return added ? shown() : places(added.error());
  }
  FactSet& empty() { return facts_ = FactSet(); }
  static std::string places(const Error& error) {
    std::string out;
    for (const Diagnostic& d : error.diagnostics) {
      out += d.place.file + ":" + std::to_string(d.place.line) + " " + d.code + " " + d.message + "\n";
    }
    return out.empty() ? error.message : out;
  }
  std::string shown() const {
    std::string out;
    for (size_t type = 0; type < facts_.entities.size(); ++type) {
      for (const EntityFact& fact : facts_.entities[type]) {
        out += schema_.entities[type].info.name + " " + fact.id;
        for (const Datum& value : fact.attributes) out += " " + show_source(schema_, value);
        for (const auto& [parent, id] : fact.parents) out += " in " + schema_.entities[parent].info.name + ":" + id;
        out += "\n";
      }
    }
    for (size_t r = 0; r < facts_.rows.size(); ++r) {
      for (const auto& row : facts_.rows[r]) {
        out += schema_.relations[r].info.name;
        for (const Datum& value : row) out += " " + show_source(schema_, value);
        out += "\n";
      }
    }
    return out;
  }
  std::shared_ptr<const Plan> plan_;
  const Schema& schema_;
  FactSet facts_;
};

TEST_F(Facts, ReadsJson) {
  EXPECT_EQ(json(R"({"entities": {"User": {"u1": {"level": "high", "in": {"Group": ["g1"], "Role": ["r"]}},
                                           "u2": {"level": "low", "boss": "u1", "tags": ["b", "a", "b"], "in": ["Group:g2"]}}},
                     "relations": {"grants": [["u1", "x", 0.1, "2026-01-01T00:00:00Z"], {"who": "u2", "what": "y", "rate": "2.5000"}],
                                   "plain": [[1], [2, false]]}})"),
            "User u1 high none {} in Group:g1 in Role:r\n"
            "User u2 low User(\"u1\") {\"a\", \"b\"} in Group:g2\n"
            "grants User(\"u1\") \"x\" 0.1 time\"2026-01-01T00:00:00Z\"\n"
            "grants User(\"u2\") \"y\" 2.5 none\n"
            "plain 1 true\nplain 2 false\n");
  EXPECT_EQ(json("{}"), "");
}

TEST_F(Facts, RefusesJsonWithPaths) {
  EXPECT_EQ(json(R"({"entity": {}})"), "E0602 unknown section `entity`\n");
  EXPECT_EQ(json(R"({"entities": {"Usr": {}}})"),
            "E0602 `/entities`: unknown entity type `Usr` [did you mean `User`?]\n");
  EXPECT_EQ(json(R"({"entities": {"User": {"u1": {}}}})"), "E0605 `/entities/User/u1/level`: `level` is missing\n");
  EXPECT_EQ(json(R"({"entities": {"User": {"u1": {"level": "hihg"}}}})"),
            "E0603 `/entities/User/u1/level`: expected one of `low`, `high`, found \"hihg\" [did you mean `high`?]\n");
  EXPECT_EQ(json(R"({"entities": {"User": {"u1": {"level": "low"}, "u1": {"level": "high"}}}})"),
            "E0606 `/entities/User/u1`: it is given twice\n");
  EXPECT_EQ(json(R"({"entities": {"User": {"u1": {"level": "low", "in": {"User": ["u2"]}}}}})"),
            "E0615 `/entities/User/u1/in/User/0`: a `User` cannot be in a `User`\n");
  EXPECT_EQ(json(R"({"relations": {"grants": [["u1", "x"]]}})"),
            "E0607 `/relations/grants/0`: expected 4 values, found 2\n");
  EXPECT_EQ(json(R"({"relations": {"plain": [[0]]}})"), "E0604 `/relations/plain/0/0`: 0 lies outside of `int 1..9`\n");
  EXPECT_EQ(json(R"({"relations": {"plain": [[1, null]]}})"),
            "E0603 `/relations/plain/0/1`: expected true or false, found null\n");
  EXPECT_EQ(json(R"({"relations": {"derived": [[1]]}})"),
            "E0611 `/relations/derived`: `derived` is defined by rules alone; facts cannot give its rows\n");
  EXPECT_EQ(json(R"({"relations": {"plain": {"n": 1}}})"),
            "E0603 `/relations/plain`: expected an array of rows, found an object\n");
  EXPECT_NE(json("{\"relations\": {\"plain\": [[1]").find("E0601"), std::string::npos);
  EXPECT_NE(json("{} x").find("E0601"), std::string::npos);
  EXPECT_NE(json("[]").find("E0601 not a JSON object"), std::string::npos);
}

TEST_F(Facts, ReadsCsv) {
  EXPECT_EQ(
      csv("grants", "what,who,rate,until\r\n\"a, \"\"b\"\"\",u1,1.5,\r\n\"\",u2,-0.0001,2026-01-01T00:00:00Z\r\n"),
      "grants User(\"u1\") \"a, \\\"b\\\"\" 1.5 none\n"
      "grants User(\"u2\") \"\" -0.0001 time\"2026-01-01T00:00:00Z\"\n");
  EXPECT_EQ(csv("plain", "n\n1\n2"), "plain 1 true\nplain 2 true\n");
  EXPECT_EQ(csv("User", "id,level,in,tags\nu1,low,Group:g1;Role:r,\"[\"\"x\"\"]\"\nu2,high,,\n"),
            "User u1 low none {\"x\"} in Group:g1 in Role:r\nUser u2 high none {}\n");
}

TEST_F(Facts, RefusesCsvWithLines) {
  EXPECT_EQ(csv("plain", ""), "f.csv:1 E0605 the header row is missing\n");
  EXPECT_EQ(csv("plain", "m\n1\n"), "f.csv:1 E0602 unknown column `m`\nf.csv:1 E0605 the column `n` is missing\n");
  EXPECT_EQ(csv("plain", "n,n\n1,1\n"), "f.csv:1 E0606 the column `n` is given twice\n");
  EXPECT_EQ(csv("plain", "n,on\n1,true\n2\n"), "f.csv:3 E0607 expected 2 cells, found 1\n");
  EXPECT_EQ(csv("plain", "n\n1\nx\n10\n"),
            "f.csv:3 E0603 `/n`: expected an int, found \"x\"\nf.csv:4 E0604 `/n`: `10` lies outside of `int 1..9`\n");
  EXPECT_EQ(csv("plain", "n\n\"1\n"), "f.csv:2 E0601 not CSV: a quote that is not closed\n");
  EXPECT_EQ(csv("plain", "n\n1\"\n"), "f.csv:2 E0601 not CSV: a quote in a cell that does not begin with one\n");
  EXPECT_EQ(csv("plain", "n\n\"1\"x\n"), "f.csv:2 E0601 not CSV: text behind a closing quote\n");
  EXPECT_EQ(csv("plain", "n\r1\r"), "f.csv:1 E0601 not CSV: a carriage return without a line feed\n");
  EXPECT_EQ(csv("plain", "n\n\xff\n"), "f.csv:2 E0601 not CSV: the text is not valid UTF-8\n");
  EXPECT_EQ(csv("User", "id,level\n,low\n"), "f.csv:2 E0603 `/id`: expected an id, found an empty string\n");
}

TEST_F(Facts, MistakesInJsonNameTheirLines) {
  auto placed = [&](const std::string& text) {
    facts_ = {};
    auto added = add_json_facts(schema_, text, "f.json", facts_);
    return added ? std::string("fine") : places(added.error());
  };
  EXPECT_EQ(placed(R"({
  "entities": {
    "Usr": {},
    "User": {
      "u1": {
        "level": "hihg"
      }
    }
  },
  "relations": {
    "nothing": [],
    "plain": [
      [1],
      [
        2, 3
      ],
      {"m": 1}
    ]
  }
})"),
            "f.json:3 E0602 `/entities`: unknown entity type `Usr`\n"
            "f.json:6 E0603 `/entities/User/u1/level`: expected one of `low`, `high`, found \"hihg\"\n"
            "f.json:11 E0602 `/relations`: unknown relation `nothing`\n"
            "f.json:15 E0603 `/relations/plain/1/1`: expected true or false, found the number `3`\n"
            "f.json:17 E0602 `/relations/plain/2`: unknown column `m`\n"
            "f.json:17 E0605 `/relations/plain/2/n`: `n` is missing\n");
  EXPECT_EQ(placed("{\n \"relations\": {\n  \"plain\": [[1],\n   [2]],\n }\n}"),
            "f.json:4 E0601 `/relations`: not valid JSON: a comma before `}`\n");
  EXPECT_EQ(placed("{\"relations\":\n{\"plain\": [[1]], \"plain\": []}}"),
            "f.json:2 E0606 `/relations/plain`: it is given twice\n");
}

TEST_F(Facts, RowsOfJsonKeepTheirLines) {
  facts_ = {};
  auto added = add_json_facts(schema_, "{\"relations\": {\"plain\": [\n[1],\n[2],\n\n[3]]}}", "f.json", facts_);
  ASSERT_TRUE(added);
  ASSERT_EQ(facts_.origins.size(), 1u);
  EXPECT_EQ(facts_.origins[0].lines, (std::vector<uint32_t>{2, 3, 5}));
}

TEST_F(Facts, CsvFromSpreadsheets) {
  EXPECT_EQ(csv("plain", "\xEF\xBB\xBFn,on\r\n1,true\r\n"), "plain 1 true\n");
  for (auto [text, mark] : {std::pair("n;on\n1;true\n", "`;`"), {"n\ton\n", "tabs"}}) {
    facts_ = {};
    auto added = add_csv_facts(schema_, relation("plain"), false, text, "f.csv", facts_);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().diagnostics[0].hints[0],
              std::string("the cells of a row stand between commas, not ") + mark);
  }
  EXPECT_EQ(csv("plain", "n,on\n,true\n"), "f.csv:2 E0603 `/n`: expected an int, found an empty cell\n");
}

TEST_F(Facts, ReadsJsonLines) {
  EXPECT_EQ(jsonl("plain", "[1]\n\n{\"n\": 2, \"on\": false}\r\n"), "plain 1 true\nplain 2 false\n");
  EXPECT_EQ(jsonl("User", R"({"id": "u1", "level": "low", "in": {"Role": ["r"]}})"), "User u1 low none {} in Role:r\n");
  EXPECT_EQ(jsonl("plain", "[1]\n[true]\n{\"n\": 3, \"n\": 4}\nx\n"),
            "f.jsonl:2 E0603 `/0`: expected an int, found true\n"
            "f.jsonl:3 E0606 `/n`: it is given twice\n"
            "f.jsonl:4 E0601 not a JSON array or object: it is a single value\n");
  EXPECT_NE(jsonl("plain", "[1] [2]\n").find("f.jsonl:1 E0601"), std::string::npos);
  EXPECT_EQ(jsonl("User", R"({"level": "low"})"), "f.jsonl:1 E0605 `id` is missing\n");
}

TEST_F(Facts, LimitsHold) {
  FactSet facts;
  FactLimits limits;
  limits.max_rows = 2;
  limits.max_string_bytes = 5;
  limits.max_file_bytes = 60;
  auto rows = add_csv_facts(schema_, relation("plain"), false, "n\n1\n2\n3\n", "f.csv", facts, limits);
  ASSERT_FALSE(rows);
  EXPECT_EQ(lines(rows.error()), "E0612 `plain` has more than 2 rows, the limit is 2\n");
  auto text = add_jsonl_facts(schema_, relation("grants"), false, R"(["u", "toolong", 1])", "f", facts, limits);
  ASSERT_FALSE(text);
  EXPECT_EQ(lines(text.error()), "E0612 `/1`: a string of 7 bytes, the limit is 5\n");
  auto size = add_json_facts(schema_, std::string(61, ' '), "f.json", facts, limits);
  ASSERT_FALSE(size);
  EXPECT_EQ(lines(size.error()), "E0612 the file has 61 bytes, the limit is 60\n");
}

TEST_F(Facts, AreCheckedAsAWhole) {
  auto check = [&](const std::string& text) {
    json(text);
    auto checked = check_facts(schema_, facts_);
    return checked ? "fine" : lines(checked.error());
  };
  EXPECT_EQ(check(R"({"relations": {"plain": [[1], [1]]}})"), "fine") << "equal rows merge";
  EXPECT_EQ(
      check(
          R"({"entities": {"User": {"u": {"level": "low"}}}, "relations": {"grants": [["u", "x", 1], ["u", "x", 2]]}})"),
      "E0608 two rows of `grants` have the key (User(\"u\"), \"x\")\n");
  EXPECT_EQ(check(R"({"entities": {"User": {"u": {"level": "low", "boss": "v"}}}})"),
            "E0609 User(\"u\"): there is no `User` with the id \"v\"\n");
}

TEST_F(Facts, NamesThatTwoModulesHave) {
  Analysis two = analyze(
      {{"a.lictor", "module a\nrelation p(n: int)\n"}, {"b.lictor", "module b\nrelation p(n: int)\nentity p2\n"}}, {});
  const Schema& schema = two.program.schema;
  FactSet facts;
  auto added = add_json_facts(schema, R"({"relations": {"p": [[1]]}})", "f.json", facts);
  ASSERT_FALSE(added);
  EXPECT_EQ(lines(added.error()), "E0602 `/relations`: unknown relation `p` [write `a.p` or `b.p`]\n");
  EXPECT_EQ(added.error().diagnostics[0].hints, std::vector<std::string>{"write `a.p` or `b.p`"});
  EXPECT_TRUE(add_json_facts(schema, R"({"relations": {"b.p": [[1]]}})", "f.json", facts));
  EXPECT_EQ(facts.rows[1].size(), 1u);
}

TEST_F(Facts, TextsThatAreEmptySaySo) {
  EXPECT_EQ(csv("grants", "who,what,rate,until\nu,,1,\n"), "f.csv:2 E0605 `/what`: `what` is missing\n");
  EXPECT_EQ(csv("grants", "who,what,rate,until\nu,\"\",1,\n").find("E0"), std::string::npos);
}

TEST_F(Facts, AParentOfAnotherType) {
  facts_ = {};
  auto added = add_csv_facts(schema_, 0, true, "id,in\ng,Role:x\n", "f.csv", facts_);
  ASSERT_FALSE(added);
  EXPECT_EQ(places(added.error()), "f.csv:2 E0615 `/in`: a `Group` cannot be in a `Role`\n");
  EXPECT_TRUE(add_csv_facts(schema_, 0, true, "id,in\ng,urn:x\nh,Group:urn:x\n", "f.csv", empty()));
}

TEST_F(Facts, EveryMissingDataFileIsNamedWhereThePolicyNamesIt) {
  auto plan = plan_of(
      "module t\nrelation a(x: int) from \"a.csv\"\nentity E\n  from \"../e.csv\"\nrelation b(x: int) from "
      "\"b.csv\"\n");
  FactSet facts;
  fit(plan->schema, facts);
  auto added = add_data_files(plan->schema, "/nowhere", facts, {}, plan->sources.get());
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::kUnreadable);
  EXPECT_EQ(places(added.error()),
            "test.lictor:4 E0614 the data file `../e.csv` leads out of the bundle\n"
            "test.lictor:2 E0614 the data file `a.csv` does not exist\n"
            "test.lictor:5 E0614 the data file `b.csv` does not exist\n");
}

TEST_F(Facts, DataFilesStayInsideTheBundle) {
  namespace fs = std::filesystem;
  fs::path root = fs::temp_directory_path() / ("lictor_facts_" + std::to_string(::getpid()));
  fs::create_directories(root / "bundle" / "data");
  auto write = [](const fs::path& path, const char* text) { std::ofstream(path) << text; };
  write(root / "bundle/data/far.csv", "x\n7\n");
  auto added = add_data_files(schema_, (root / "bundle").string(), empty());
  ASSERT_TRUE(added) << lines(added.error());
  EXPECT_EQ(shown(), "far 7\n");
  fs::remove(root / "bundle/data/far.csv");
  added = add_data_files(schema_, (root / "bundle").string(), empty());
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::kUnreadable);
  write(root / "secret.csv", "x\n1\n");
  fs::create_symlink(root / "secret.csv", root / "bundle/data/far.csv");
  added = add_data_files(schema_, (root / "bundle").string(), empty());
  ASSERT_FALSE(added);
  EXPECT_EQ(lines(added.error()), "E0614 the data file `data/far.csv` leads out of the bundle\n");
  auto text = add_facts_file(schema_, (root / "plain.txt").string(), empty());
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("facts are read from .json, .csv and .jsonl files"), std::string::npos);
  auto named = add_facts_file(schema_, (root / "plian.csv").string(), empty());
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(named.error().message.find("did you mean `plain`?"), std::string::npos);
  fs::remove_all(root);
}

}  // namespace
}  // namespace lictor
