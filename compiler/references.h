// What each name in the texts refers to, for an editor: a side table that name resolution fills in when it is asked to
// (AnalyzeOptions::references). Nobody else pays for it: without the table, a note costs one test of a pointer.
//
// A declaration is known by the place of its name. An entry whose `target` is its own `span` is a declaration; so are
// variables, known by the place where they are bound first.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/module_list.h"
#include "compiler/schema.h"

namespace lictor {

enum class RefKind : uint8_t {
  kSymbol,    // what a module declares: params, enums, types, entities, relations, requests, lets, decisions ...
  kModule,    // a module's name, or the prefix that `use` made
  kMember,    // of an enum
  kField,     // attribute, request field, column, parameter of an obligation, requirement or let
  kClause,    // of a decision
  kVariable,  // of a rule or clause; the request too
  kBuiltin,   // target.begin is the number of its row in builtins()
};

struct Reference {
  Span span;
  Span target;
  RefKind kind = RefKind::kSymbol;
  TypeId type = kErrorType;  // of variables and fields, where it is known
};

/// The word that an editor puts where the cursor stands, to learn what could stand there.
inline constexpr std::string_view kHoleName = "lictor_hole_";

/// What is known about the place of that word.
struct Hole {
  Span span;                     // not valid: the checks did not get there
  TypeId expected = kErrorType;  // a value of that type
  TypeId owner = kErrorType;     // behind a dot: the type before it
};

class References {
 public:
  void add(Span span, Span target, RefKind kind, TypeId type = kErrorType);
  /// A path as written ("m.Agent") that leads to what is declared at `target`, in module `module`; seen from `from`.
  void add_path(const ModuleList& modules, uint32_t from, Span span, std::string_view path, Span target,
                uint32_t module);
  void expect(Span span, TypeId expected);
  void expect_member(Span span, TypeId owner);

  /// Adds what follows from the text alone (modules, clauses), then sorts. Call once, when all checks are done.
  void finish(const ModuleList& modules);

  /// Sorted by place; one entry for a place. Valid after finish().
  const std::vector<Reference>& all() const { return all_; }
  /// The entry that covers the byte at `offset` or ends there, or null.
  const Reference* at(uint32_t file, uint32_t offset) const;
  const Hole& hole() const { return hole_; }

 private:
  void add_clauses(const ModuleList& modules);
  void sort();

  std::vector<Reference> all_;
  Hole hole_;
};

}  // namespace lictor
