// Hover, definition, references, highlights and renaming, over a bundle of two modules and the library.
#include <algorithm>

#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kTypes = R"(module d.types

/// How much an agent may do.
enum Level { low < high }
entity Team { size: int }
entity Agent in Team { level: Level, lead: Agent?, sealed: bool = false from request }
/// What each action needs.
relation needs(action: string, level: Level) key(action) { ("read", low) ("edit", high) }
private param secret: int = 1
param strict: bool = true
)";

constexpr const char* kRules = R"(module d.rules
use d.types (Agent, Level, needs, strict)
use d.types as t
use std.governance (alert)

request Act { agent: Agent, action: string }

/// Who asks.
let asker(r: Act) -> Agent = r.agent
let twice(n: int) -> int = n + n

able(agent: Agent, a: string) :- Agent(agent), needs(a, l), agent.level >= l.
able(agent, a) :- able(agent, b), needs(a, _), b == a.

decision act(r: Act) {
  default deny "no {r.action}"
  /// The usual way.
  allow able: "{x.level} may {r.action}"
    if x = asker(r), able(x, r.action), (x.sealed or t.strict), twice(n: 2) == 4.
  deny low: "low" if r.agent.level == Level.low, not exists (needs(action: q, level: high), q == r.action)
    then alert(severity: critical, text: "{r.action}").
}

test "t" {
  with strict = false
  given Agent("a", level: high)
  expect act(agent: "a", action: "edit") allow able
}
)";

class NavigationTest : public FolderTest {
 protected:
  NavigationTest() {
    write("lictor.toml", "");
    write("types.lictor", kTypes);
    write("rules.lictor", kRules);
    client.open(uri("rules.lictor"), kRules);
    EXPECT_EQ(client.codes(uri("rules.lictor")), Strings{});
    EXPECT_EQ(client.codes(uri("types.lictor")), Strings{});
  }

  /// A position in rules.lictor (or types.lictor) given by its surroundings, with `^` before the character meant.
  json spot(const std::string& around, bool in_types = false) {
    std::string text = in_types ? kTypes : kRules, plain = around;
    size_t mark = plain.find('^');
    plain.erase(mark, 1);
    size_t found = text.find(plain);
    EXPECT_NE(found, std::string::npos) << around;
    EXPECT_EQ(text.find(plain, found + 1), std::string::npos) << "twice: " << around;
    return at(uri(in_types ? "types.lictor" : "rules.lictor"), Document(text).position(found + mark, Encoding::kUtf16));
  }
  std::string text_at(const json& location) {
    bool types = location["uri"] == uri("types.lictor");
    Document document(types ? kTypes : kRules);
    Range range = range_from(location["range"]);
    size_t begin = document.offset(range.start, Encoding::kUtf16), end = document.offset(range.end, Encoding::kUtf16);
    return (types ? "types " : "rules ") + std::to_string(range.start.line + 1) + " " +
           document.text().substr(begin, end - begin);
  }
  std::string hover(const std::string& around) {
    json answer = client.result("textDocument/hover", spot(around));
    return answer.is_null() ? "" : answer["contents"]["value"].get<std::string>();
  }
  std::string definition(const std::string& around) {
    json answer = client.result("textDocument/definition", spot(around));
    return answer.is_null() ? "" : text_at(answer);
  }
  Strings references(const std::string& around, bool declaration = true) {
    json params = spot(around);
    params["context"] = {{"includeDeclaration", declaration}};
    Strings out;
    for (const json& location : client.result("textDocument/references", params)) out.push_back(text_at(location));
    return out;
  }

  Client client;
};

TEST_F(NavigationTest, DefinitionOfEverything) {
  struct Row {
    const char* around;
    const char* target;
  };
  for (const Row& row : {
           Row{"use d.types (A^gent", "types 6 Agent"},
           Row{"use d.^types as", "types 1 d.types"},
           Row{"agent: ^Agent, action", "types 6 Agent"},
           Row{"^Agent(agent)", "types 6 Agent"},
           Row{"^needs(a, l)", "types 8 needs"},
           Row{"r^.agent\n", "rules 9 r"},
           Row{"r.a^gent\n", "rules 6 agent"},
           Row{"agent.lev^el >= l", "types 6 level"},
           Row{">= ^l.", "rules 12 l"},
           Row{"able(agent, ^b)", "rules 13 b"},
           Row{"= as^ker(r)", "rules 9 asker"},
           Row{", ^able(x,", "rules 12 able"},
           Row{"^able(agent, a) :-", "rules 12 able"},
           Row{"x^.sealed", "rules 19 x"},
           Row{"x.seal^ed", "types 6 sealed"},
           Row{"t.str^ict)", "types 10 strict"},
           Row{"^t.strict)", "rules 3 t"},
           Row{"twice(^n: 2", "rules 10 n"},
           Row{"{^x.level}", "rules 19 x"},
           Row{"Level.lo^w", "types 4 low"},
           Row{"^Level.low", "types 4 Level"},
           Row{"q, level: hi^gh", "types 4 high"},
           Row{"needs(act^ion: q", "types 8 action"},
           Row{"^q == r", "rules 20 q"},
           Row{"with str^ict", "types 10 strict"},
           Row{"expect ^act", "rules 15 act"},
           Row{"act(^agent:", "rules 6 agent"},
           Row{"allow ^able\n", "rules 18 able"},
           Row{"Agent(\"a\", le^vel", "types 6 level"},
       })
    EXPECT_EQ(definition(row.around), row.target) << row.around;
  EXPECT_EQ(definition("^decision"), "");
  client.open(uri("types.lictor"), kTypes);
  EXPECT_EQ(text_at(client.result("textDocument/definition", spot("key(act^ion", true))), "types 8 action");
}

TEST_F(NavigationTest, DefinitionInTheLibrary) {
  EXPECT_EQ(client.result("textDocument/definition", spot("then al^ert")), nullptr);  // it has no file
  Options options = test_options();
  options.keep_file = [](std::string_view name, std::string_view) { return "/kept/" + std::string(name); };
  Client other(true, options);
  other.open(uri("rules.lictor"), kRules);
  json answer = other.result("textDocument/definition", spot("then al^ert"));
  EXPECT_EQ(answer["uri"], "file:///kept/std/governance.lictor");
  EXPECT_EQ(range_from(answer["range"]), (Range{{6, 11}, {6, 16}}));
}

TEST_F(NavigationTest, HoverShowsSignatureTypeAndDoc) {
  EXPECT_EQ(hover("^needs(a, l)"),
            "```lictor\nrelation needs(action: string, level: Level) key(action)\n```\nrelation of module `d.types`\n"
            "\nWhat each action needs.\n");
  EXPECT_EQ(hover("= as^ker(r)"),
            "```lictor\nlet asker(r: Act) -> Agent = r.agent\n```\nlet of module `d.rules`\n\nWho asks.\n");
  EXPECT_EQ(hover("x^.sealed"), "```lictor\nx: Agent\n```\nvariable\n");
  EXPECT_EQ(hover(">= ^l."), "```lictor\nl: Level\n```\nvariable\n");
  EXPECT_EQ(hover("r^.agent\n"), "```lictor\nr: Act\n```\nvariable\n");
  EXPECT_EQ(hover("x.seal^ed"), "```lictor\nsealed: bool = false from request\n```\nattribute, entity `Agent`\n");
  EXPECT_EQ(hover("q, level: hi^gh"), "```lictor\nLevel.high\n```\nmember, enum `Level`\n");
  EXPECT_EQ(hover("expect ^act"), "```lictor\ndecision act(r: Act)\n```\ndecision of module `d.rules`\n");
  EXPECT_NE(hover("allow ^able\n").find("The usual way."), std::string::npos);
  EXPECT_NE(hover("then al^ert").find("Tells somebody."), std::string::npos);
  EXPECT_EQ(hover("^decision"), "");
}

TEST_F(NavigationTest, HoverOfABuiltIn) {
  client.open("untitled:b", "module b\nrelation p(s: string) { (\"x\") }\nq(s) :- p(s), size(s) > 0.\n");
  json answer = client.result("textDocument/hover", at("untitled:b", {2, 15}));
  EXPECT_EQ(answer["contents"]["value"],
            "```lictor\nsize(string) -> int\n```\nfunction, built in\n\nlength in UTF-8 bytes\n");
  EXPECT_EQ(client.result("textDocument/definition", at("untitled:b", {2, 15})), nullptr);
}

TEST_F(NavigationTest, ReferencesInTheWholeBundle) {
  EXPECT_EQ(references("^needs(a, l)"),
            (Strings{"rules 2 needs", "rules 12 needs", "rules 13 needs", "rules 20 needs", "types 8 needs"}));
  EXPECT_EQ(references("^needs(a, l)", false).size(), 4u);
  EXPECT_EQ(references("x.seal^ed"), (Strings{"rules 19 sealed", "types 6 sealed"}));
  EXPECT_EQ(references("{^x.level}"), (Strings{"rules 18 x", "rules 19 x", "rules 19 x", "rules 19 x"}));
  EXPECT_EQ(references("q, level: hi^gh"), (Strings{"rules 20 high", "rules 26 high", "types 4 high", "types 8 high"}));
  EXPECT_EQ(references("t.str^ict)"),
            (Strings{"rules 2 strict", "rules 19 strict", "rules 25 strict", "types 10 strict"}));
  EXPECT_EQ(references("= as^ker(r)"), (Strings{"rules 9 asker", "rules 19 asker"}));
}

TEST_F(NavigationTest, HighlightsInOneFile) {
  json highlights = client.result("textDocument/documentHighlight", spot("= as^ker(r)"));
  ASSERT_EQ(highlights.size(), 2u);
  EXPECT_EQ(highlights[0]["kind"], 3);
  EXPECT_EQ(highlights[1]["kind"], 2);
}

TEST_F(NavigationTest, WhatATextWithMistakesStillKnows) {
  std::string broken = kRules;
  broken.insert(broken.find("decision act"), "oops oops\n\nwrong(x) :- nowhere(x).\n");
  client.change_all(uri("rules.lictor"), broken);
  size_t found = broken.find("x.sealed") + 3;
  json answer = client.result("textDocument/definition",
                              at(uri("rules.lictor"), Document(broken).position(found, Encoding::kUtf16)));
  EXPECT_EQ(text_at(answer), "types 6 sealed");
}

// ---- Renaming --------------------------------------------------------------------------------------------------------

class RenameTest : public NavigationTest {
 protected:
  json rename(const std::string& around, const std::string& name) {
    json params = spot(around);
    params["newName"] = name;
    return client.call("textDocument/rename", params);
  }
  std::string refusal(const std::string& around, const std::string& name) {
    json answer = rename(around, name);
    return answer.contains("error") ? answer["error"]["message"].get<std::string>() : "";
  }
};

TEST_F(RenameTest, EveryPlaceInEveryFile) {
  json changes = rename("^needs(a, l)", "wants")["result"]["changes"];
  std::string rules = with_edits(kRules, changes[uri("rules.lictor")]);
  std::string types = with_edits(kTypes, changes[uri("types.lictor")]);
  EXPECT_EQ(rules.find("needs"), std::string::npos);
  EXPECT_EQ(types.find("needs("), std::string::npos);
  EXPECT_NE(types.find("What each action needs."), std::string::npos);  // a comment is no name
  write("types.lictor", types);
  client.notify("workspace/didChangeWatchedFiles", {{"changes", json::array()}});
  client.change_all(uri("rules.lictor"), rules);
  EXPECT_EQ(client.codes(uri("rules.lictor")), Strings{});
  EXPECT_EQ(client.codes(uri("types.lictor")), Strings{});
}

TEST_F(RenameTest, VariablesFieldsMembersAndClauses) {
  auto renamed = [&](const std::string& around, const std::string& name) {
    json answer = rename(around, name);
    EXPECT_TRUE(answer.contains("result")) << answer;
    return with_edits(kRules, answer["result"]["changes"][uri("rules.lictor")]);
  };
  EXPECT_NE(renamed("{^x.level}", "who").find("\"{who.level} may {r.action}\"\n    if who = asker(r), able(who,"),
            std::string::npos);
  EXPECT_NE(renamed("r.a^gent\n", "by").find("request Act { by: Agent"), std::string::npos);
  EXPECT_NE(renamed("q, level: hi^gh", "top").find("given Agent(\"a\", level: top)"), std::string::npos);
  EXPECT_NE(renamed("allow ^able\n", "fine").find("action: \"edit\") allow fine"), std::string::npos);
  EXPECT_NE(renamed("^t.strict)", "types").find("or types.strict)"), std::string::npos);
  EXPECT_NE(renamed("twice(^n: 2", "m").find("let twice(m: int) -> int = m + m"), std::string::npos);
}

TEST_F(RenameTest, WhatCannotBeRenamed) {
  EXPECT_NE(refusal("then al^ert", "tell").find("outside of this bundle"), std::string::npos);
  EXPECT_NE(refusal("use d.^types as", "x").find("module"), std::string::npos);
  EXPECT_NE(refusal("^decision", "x"), "");
  EXPECT_TRUE(client.call("textDocument/prepareRename", spot("then al^ert")).contains("error"));
  json ready = client.result("textDocument/prepareRename", spot("x.seal^ed"));
  EXPECT_EQ(ready["placeholder"], "sealed");
}

TEST_F(RenameTest, NamesThatDoNotDo) {
  for (const char* name : {"", "1x", "a b", "if", "_", "a.b", "\u00e9"})
    EXPECT_NE(refusal("^needs(a, l)", name), "") << name;
  EXPECT_NE(refusal("^needs(a, l)", "Agent"), "");  // taken
  EXPECT_NE(refusal(">= ^l.", "a"), "");            // would be one variable with another
  EXPECT_NE(refusal(">= ^l.", "high"), "");         // a member of a visible enum
  EXPECT_NE(refusal("x.seal^ed", "level"), "");     // another attribute
  EXPECT_NE(refusal("t.str^ict)", "secret"), "");   // hidden, but taken
  EXPECT_EQ(refusal(">= ^l.", "needed"), "");
}

TEST_F(RenameTest, VersionedForAClientThatKnowsThem) {
  Client other(false);
  other.call("initialize", {{"capabilities", {{"workspace", {{"workspaceEdit", {{"documentChanges", true}}}}}}}});
  other.open(uri("rules.lictor"), kRules, 17);
  json params = spot("^needs(a, l)");
  params["newName"] = "wants";
  json edits = other.result("textDocument/rename", params)["documentChanges"];
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(edits[0]["textDocument"]["version"], 17);
  EXPECT_EQ(edits[1]["textDocument"]["version"], nullptr);
}

}  // namespace
}  // namespace lictor::lsp
