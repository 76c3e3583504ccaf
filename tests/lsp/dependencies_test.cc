// Modules of other bundles: known to the editor as they are on disk, shown at their own files, never published for.
#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

class DependenciesTest : public FolderTest {
 protected:
  DependenciesTest() {
    write("app/lictor.toml", "name = \"app\"\n");
    write("app/app.lictor", kApp);
    write("app/inner/inner.lictor", "module inner\nthis does not parse\n");
    options_.check_config = [](const SourceText&, const Program&) { return std::vector<Diagnostic>(); };
    options_.dependencies = [this](const std::string& root, const SourceText& config) {
      ++asked_;
      EXPECT_EQ(root, path("app"));
      Others out;
      if (config.text.find("wrong") != std::string::npos) {
        Diagnostic wrong;
        wrong.code = "E0656";
        wrong.message = "no such folder";
        wrong.place = {.file = config.name, .line = 1, .column = 1, .end_line = 1, .end_column = 2};
        out.diagnostics.push_back(std::move(wrong));
        return out;
      }
      out.modules.push_back({path("roles/roles.lictor"), "module roles\nrelation grants(user: string)\n"});
      out.names.push_back("roles");
      out.folders.push_back(std::filesystem::canonical(path("app/inner")).string());
      return out;
    };
  }

  static constexpr const char* kApp = "module app\nuse roles (grants)\nq(u) :- grants(u).\n";
  Options options_ = test_options();
  int asked_ = 0;
};

TEST_F(DependenciesTest, ModulesAreKnownAndFoldersLeftOut) {
  Client client(true, options_);
  client.open(uri("app/app.lictor"), kApp);
  EXPECT_EQ(client.codes(uri("app/app.lictor")), std::vector<std::string>());
  EXPECT_TRUE(client.diagnostics(uri("app/inner/inner.lictor")).is_null());
  EXPECT_TRUE(client.diagnostics(uri("roles/roles.lictor")).is_null());
  json at = client.result("textDocument/definition", {{"textDocument", {{"uri", uri("app/app.lictor")}}},
                                                      {"position", {{"line", 2u}, {"character", 9u}}}});
  EXPECT_NE(at.dump().find(uri("roles/roles.lictor")), std::string::npos) << at;
  int before = asked_;
  client.change(uri("app/app.lictor"), {2, 0, 2, 0}, "// a remark\n");
  EXPECT_EQ(client.codes(uri("app/app.lictor")), std::vector<std::string>());
  EXPECT_EQ(asked_, before);  // typing reads no other bundle
}

TEST_F(DependenciesTest, WhatIsWrongIsShownInTheConfig) {
  Client client(true, options_);
  client.open(uri("app/app.lictor"), kApp);
  EXPECT_EQ(client.codes(uri("app/app.lictor")), std::vector<std::string>());
  client.open(uri("app/lictor.toml"), "name = \"app\" # wrong\n");
  EXPECT_EQ(client.codes(uri("app/lictor.toml")), std::vector<std::string>{"E0656"});
  EXPECT_EQ(client.codes(uri("app/app.lictor")), std::vector<std::string>{"E0204"});
}

}  // namespace
}  // namespace lictor::lsp
