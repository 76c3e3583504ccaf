// Fields of records in an editor: completion behind a dot and inside of braces, hover, and the way to where they stand.
#include <algorithm>

#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

using Strings = std::vector<std::string>;

const std::string kHead = R"(module c
entity User { level: int }
entity Bot { owner: User? }
type Actor = User | Bot
type Box = record { name: string, part: record { mass: int }? }
request Act { box: Box, by: Actor }
)";

class RecordsInEditors : public ::testing::Test {
 protected:
  Strings labels(const std::string& text) {
    Marked found = marked(text);
    client.open("untitled:c", found.text);
    Strings out;
    json answer = client.result("textDocument/completion", at("untitled:c", found.at));
    for (const json& item : answer["items"]) out.push_back(item["label"]);
    return out;
  }
  bool offers(const std::string& text, const std::string& label) {
    Strings all = labels(text);
    return std::ranges::find(all, label) != all.end();
  }
  std::string hover(const std::string& text) {
    Marked found = marked(text);
    client.open("untitled:c", found.text);
    json answer = client.result("textDocument/hover", at("untitled:c", found.at));
    return answer.is_null() ? "" : answer["contents"]["value"].get<std::string>();
  }
  static std::string clause(const std::string& body) {
    return kHead + "decision act(r: Act) {\n  default deny \"no\"\n  allow one: \"yes\"\n    if " + body + "\n}\n";
  }

  Client client;
};

TEST_F(RecordsInEditors, BehindADot) {
  EXPECT_EQ(labels(clause("r.box.^")), (Strings{"name", "part"}));
  EXPECT_EQ(labels(clause("some p = r.box.part, p.^")), (Strings{"mass"}));
  EXPECT_EQ(labels(clause("r.by is User, r.by.^")), (Strings{"level", "id"}));
  EXPECT_EQ(labels(clause("not r.by is User, r.by.^")), (Strings{"owner", "id"}));
}

TEST_F(RecordsInEditors, InsideOfBraces) {
  EXPECT_TRUE(offers(clause("r.box == { ^ }."), "name"));
  EXPECT_TRUE(offers(clause("r.box == { name: \"a\", pa^: none }."), "part"));
  EXPECT_TRUE(offers(kHead + "type T = ^\n", "record"));
}

TEST_F(RecordsInEditors, HoverShowsAFieldWhereItStands) {
  EXPECT_NE(hover(clause("r.box.na^me == \"a\".")).find("name: string"), std::string::npos);
  EXPECT_NE(hover(clause("some p = r.box.part, p.ma^ss > 1.")).find("mass: int"), std::string::npos);
}

}  // namespace
}  // namespace lictor::lsp
