// Types whose values are texts of a certain form: ip, glob, regex, digest. One place decides what is such a text, for
// source, requests, facts and parameters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/types.h"

namespace lictor {

/// Is a value of this type a text that must have a form (so not a string, which has none)?
bool is_checked_text(TypeKind kind);

struct CheckedText {
  std::string text;  // canonical; where `why` says something: as it was given
  std::string why;   // what is wrong with it, for people; "" for a good one
  bool ok() const { return why.empty(); }
};
/// REQUIRES: is_checked_text(kind).
CheckedText check_text(TypeKind kind, std::string_view text);

/// "an IP address or range": what a value of the type is, for messages.
std::string_view text_form(TypeKind kind);
/// "ip": the mark before the quotes of a literal; "" for a digest, which is written as a string.
std::string_view text_mark(TypeKind kind);

/// A pattern as source: its quotes escaped, everything else as it stands.
std::string quote_pattern(std::string_view pattern);

}  // namespace lictor
