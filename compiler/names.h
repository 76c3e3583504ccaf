// Who declares which name, and who may see it.
//
// A module has one namespace for all it declares. It sees its own names, those it imports by name (`use m (p)`), and
// through a prefix those of the modules it uses: `use a.b` gives the prefixes `a.b` and `b`, `use a.b as x` the prefix `x`.
// What a lifecycle or a watch stands for has an owner in its name: `Model.approve` is one name, seen wherever `Model` is,
// and by `approve` in its module where no other name says the same.
// Enum members are not names: an expected type or `Enum.member` gives them their meaning.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/module_list.h"
#include "compiler/program.h"
#include "compiler/references.h"
#include "grammar/diagnostics.h"

namespace lictor {

enum class SymbolKind : uint8_t {
  kParam,
  kEnum,
  kAlias,
  kEntity,
  kRelation,
  kRequest,
  kLet,
  kObligation,
  kRequirement,
  kDecision,
  kFixture,
  kBuiltin  // a function of a standard module; index: its first row in builtins()
};

/// "an entity": with its article, for messages.
std::string_view describe(SymbolKind kind);

struct Symbol {
  SymbolKind kind = SymbolKind::kParam;
  uint32_t index = 0;  // in the schema's list of its kind; in Names' own for aliases and lets; in Program::decisions
  uint32_t module = 0;
  Span span;  // of the name
  bool is_private = false;
};

class Names {
 public:
  /// `library`: modules that could be loaded, for suggestions.
  Names(const ModuleList& modules, const std::vector<std::string>& library, Program& program, Diagnostics& diagnostics);

  /// What names refer to goes there too. Call before declare().
  void record(References* references) { references_ = references; }
  /// Makes an entry in the schema (names and places only) for every declaration and reports names declared twice, modules
  /// that are missing and imports that lead nowhere. Call once, before anything else.
  void declare();

  /// What `path` ("alert", "m.Agent") means in a module, or null. Valid as long as this object.
  const Symbol* find(uint32_t module, std::string_view path) const;
  /// The same, and reports a private name or an unknown one; `what` names what is looked for ("relation").
  const Symbol* resolve(uint32_t module, std::string_view path, Span span, std::string_view what);
  /// The enum that a module sees by its bare name and that has this member, or null.
  const EnumDecl* visible_enum_with(uint32_t module, std::string_view member) const;
  /// Is the word a prefix that `use` made?
  bool is_prefix(uint32_t module, std::string_view word) const;

  /// Would the path have a meaning if another mistake, which is reported, were not there: a `use` that leads nowhere, a
  /// declaration that could not be read?
  bool is_missing(uint32_t module, std::string_view path) const;

  /// "did you mean `x`?" among the names a module sees, or "". Cheap after many calls: it then gives "".
  std::string suggest(uint32_t module, std::string_view name);
  std::string suggest(std::string_view name, const std::vector<std::string>& known);
  /// How to import a name that another module of the bundle declares, or "".
  std::string importable(uint32_t module, std::string_view name) const;
  bool can_suggest() const;
  /// Reports go there from now on; `muted`: they are thrown away, so suggestions are not looked for.
  void report_to(Diagnostics& diagnostics, bool muted);

  struct Declared {
    uint32_t module;
    uint32_t position;  // in its list of the Ast
  };
  const std::vector<Declared>& aliases() const { return aliases_; }
  const std::vector<Declared>& lets() const { return lets_; }
  const std::vector<Declared>& fixtures() const { return fixtures_; }
  /// By schema index, where the declaration stands, of a relation or event; kNoIndex as position for those that only rules
  /// make.
  const std::vector<Declared>& relations() const { return relations_; }

 private:
  struct Scope {
    std::unordered_map<std::string_view, Symbol> own;
    std::unordered_map<std::string_view, Symbol> imported;
    /// Own names with an owner (`Model.approve`) by what stands behind the dot; null where several have it.
    std::unordered_map<std::string_view, const Symbol*> owned;
    std::unordered_map<std::string, uint32_t> prefixes;      // to a module
    std::unordered_map<std::string_view, uint32_t> members;  // of visible enums, to an enum
    std::unordered_set<std::string> missing;                 // names and prefixes, see is_missing()
  };

  void declare_module(uint32_t module);
  void declare_rule_heads(uint32_t module);
  void extend_relations(uint32_t module);
  void report_no_relation(const ast::Name& head, const Symbol& symbol);
  void add(uint32_t module, const ast::Head& head, SymbolKind kind, size_t index);
  void import(uint32_t module, const ast::Use& use);
  void import_name(uint32_t module, const ast::Name& name, uint32_t target);
  void add_members(uint32_t module, const Symbol& symbol);
  const Symbol* find_bare(uint32_t module, std::string_view name) const;
  DeclInfo decl_info(uint32_t module, const ast::Head& head) const;

  const ModuleList& modules_;
  const std::vector<std::string>& library_;
  Program& program_;
  Diagnostics* diagnostics_;
  bool muted_ = false;
  References* references_ = nullptr;
  std::vector<Scope> scopes_;
  std::unordered_map<std::string, uint32_t> by_path_;
  std::vector<Declared> aliases_, lets_, relations_, enums_, fixtures_;
  size_t suggestions_ = 0;
};

/// "a.b.c"
std::string path_text(const ast::Path& path);

}  // namespace lictor
