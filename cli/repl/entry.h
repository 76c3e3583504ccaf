// What a person enters at `lictor repl`: where an entry ends, and what it is. Looks at characters only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast.h"

namespace lictor::cli {

enum class EntryKind {
  kNothing,      // blanks and comments
  kCommand,      // `:help`
  kUse,          // `use m (p)`
  kDeclaration,  // `let`, `relation`, ... and rules
  kTest,         // a test, which has its place in a file
  kGiven,        // `given p("a")`
  kForget,       // `forget p(x)`
  kQuestion,     // a condition or a value
};

EntryKind kind_of(std::string_view entry);

/// Does the entry end here? Not inside of brackets, behind a word that asks for more, or in a rule without its dot.
bool is_complete(std::string_view entry);

/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);
/// The same, without comments and the dot at the end of a question too.
std::string_view without_dot(std::string_view text);

/// The words of the body that a question's answer may show: bare names outside of `not`, `exists`, `forall` and
/// aggregates, in order, each once. Words that begin with `_` are left out: nobody asks for them.
std::vector<ast::Name> open_words(const ast::Body& body);

}  // namespace lictor::cli
