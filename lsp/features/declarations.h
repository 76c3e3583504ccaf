// What a declaration looks like to a person: its text, its doc comment, what it is called.
#pragma once

#include <optional>
#include <string>

#include "compiler/references.h"
#include "lsp/bundle.h"

namespace lictor::lsp {

struct Declared {
  std::string what;       // "relation"
  std::string signature;  // Lictor source, a few lines at most
  std::string doc;        // Markdown
  std::string owner;      // of a part: "entity `User`"; of a declaration: its module
};

/// What is declared at `target`, the place of a name; nothing where no declaration stands there (variables).
std::optional<Declared> declared_at(const View& view, Span target);

/// The same for any reference: variables with their type and built-ins too.
std::optional<Declared> declared_by(const View& view, const Reference& reference);

}  // namespace lictor::lsp
