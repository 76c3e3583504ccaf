// Quick fixes: the text after one, and that the diagnostic is then gone.
#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

class CodeActionTest : public ::testing::Test {
 protected:
  json actions(const std::string& text) {
    client.open("untitled:a", text);
    json params = about("untitled:a");
    params["range"] = to_json(Range{{0, 0}, {1000, 0}});
    params["context"] = {{"diagnostics", json::array()}};
    return client.result("textDocument/codeAction", params);
  }
  /// The text after the first fix, or "" where none is offered.
  std::string fixed(const std::string& text) {
    json all = actions(text);
    if (all.empty()) return "";
    EXPECT_EQ(all[0]["kind"], "quickfix");
    EXPECT_EQ(all[0]["diagnostics"].size(), 1u);
    return with_edits(text, all[0]["edit"]["changes"]["untitled:a"]);
  }

  Client client;
};

TEST_F(CodeActionTest, WhatHintsSay) {
  const std::string head =
      "module a\nenum Level { low < high }\nentity Agent { level: Level, lead: Agent? }\n"
      "relation needs(action: string, level: Level)\n";
  struct Row {
    const char* before;
    const char* after;
  };
  for (const Row& row : {
           Row{"relation p(l: Lvel)", "relation p(l: Level)"},
           Row{"p(a) :- needs(a, hihg).", ""},
           Row{"p(a) :- need(a, _).", "p(a) :- needs(a, _)."},
           Row{"p(a) :- Agent(a), a.levl == low.", "p(a) :- Agent(a), a.level == low."},
           Row{"p(a) :- Agent(a), a.level == Level.hig.", "p(a) :- Agent(a), a.level == Level.high."},
           Row{"p(a) :- Agent(a), a.lead.level == low.", "p(a) :- Agent(a), a.lead?.level == low."},
           Row{"p(a) :- Agent(a), a?.level == low.", "p(a) :- Agent(a), a.level == low."},
           Row{"relaton p(n: int)", "relation p(n: int)"},
           Row{"p(a) :- needs(a, _) & a == a.", "p(a) :- needs(a, _) , a == a."},
           Row{"use std.governence (alert)", "use std.governance (alert)"},
       })
    EXPECT_EQ(fixed(head + row.before), *row.after == '\0' ? "" : head + row.after) << row.before;
}

TEST_F(CodeActionTest, AMissingImport) {
  EXPECT_EQ(fixed("module a\n\nparam p: Severity\n"), "module a\nuse std.governance (Severity)\n\nparam p: Severity\n");
  EXPECT_EQ(fixed("module a\nuse std.governance (alert)\nparam p: Severity\n"),
            "module a\nuse std.governance (alert, Severity)\nparam p: Severity\n");
}

TEST_F(CodeActionTest, OnlyWhereTheyAreAskedFor) {
  client.open("untitled:a", "module a\nrelatin p(n: int)\n");
  json params = about("untitled:a");
  params["range"] = to_json(Range{{0, 0}, {0, 3}});
  params["context"] = {{"diagnostics", json::array()}};
  EXPECT_EQ(client.result("textDocument/codeAction", params), json::array());
  params["range"] = to_json(Range{{1, 0}, {1, 3}});
  EXPECT_EQ(client.result("textDocument/codeAction", params).size(), 1u);
  params["context"]["only"] = {"refactor"};
  EXPECT_EQ(client.result("textDocument/codeAction", params), json::array());
}

}  // namespace
}  // namespace lictor::lsp
