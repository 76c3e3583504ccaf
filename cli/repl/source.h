// The session's module: what was entered, as one text that the compiler checks together with the bundle.
//
// It begins with imports of every public name of the bundle that is not ambiguous and not declared anew, so that nobody
// has to write `use` for what is there already.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/module_list.h"
#include "lictor/error.h"

namespace lictor::cli {

/// A change of facts: what is given, what is forgotten, or a file's.
struct Change {
  enum class Kind { kGiven, kForget, kFile };
  Kind kind = Kind::kGiven;
  std::string text;
};

/// What the session holds so far.
struct Entries {
  std::vector<std::string> uses;
  std::vector<std::string> declarations;
  std::vector<Change> changes;
};

/// The relation that a question becomes.
inline constexpr std::string_view kAnswer = "answer_";

/// A question as a rule: `head` is the rule's first line, `body` is as typed.
struct QuestionRule {
  std::string head;  // "answer_(x, y) :-"
  std::string body;
};

/// The body of a question, as far as it can be read.
ast::Body body_of(const std::string& body);

class SessionSource {
 public:
  /// `question`: null for none. What is newest (the question, else the last entry of the list that `kind` names) is the
  /// focus: mistakes there are shown as they were typed.
  enum class Focus { kNone, kUse, kDeclaration, kGiven };
  SessionSource(const ModuleList& bundle, const Entries& entries, Focus focus, const QuestionRule* question);

  const std::string& module() const { return module_; }
  const std::string& text() const { return text_; }
  /// The same mistake with the place in what was typed.
  Diagnostic as_typed(Diagnostic diagnostic) const;
  std::string_view typed() const { return typed_; }

  static constexpr std::string_view kFile = "session.lictor";  // the name of the text
  static constexpr std::string_view kTyped = "input";          // the name of what was typed

 private:
  void add(std::string_view text, bool focus = false);
  void imports(const ModuleList& bundle, const Entries& entries);
  void move(Place& place) const;

  std::string module_;
  std::string text_;
  std::string typed_;
  uint32_t first_ = 0;  // line of the focus
  uint32_t lines_ = 0;
};

}  // namespace lictor::cli
