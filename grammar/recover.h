// Where to go on after a mistake.
//
// A mistake costs the statement it stands in and no more. Statements are guarded at three levels: the declarations of a
// file, the parts of a decision, the statements of a test.
#pragma once

#include <cstdint>
#include <string_view>

namespace lictor {

enum class Level : uint8_t { kDeclaration, kDecisionPart, kTestStatement };

/// The offset at which reading goes on when the statement that began at `begin` has a mistake at `mistake`: behind its
/// closing dot or brace, or before something that can only begin the next statement. At least `mistake`.
/// Strings and comments are passed over whole. Time: linear in the text passed over.
uint32_t find_restart(std::string_view text, uint32_t begin, uint32_t mistake, Level level);

/// Whether the block that is being read must have ended: a declaration begins at `at`, in column one.
bool block_was_left(std::string_view text, uint32_t at, Level level);

/// The word, symbol or string at `at`; empty at the end of the text.
std::string_view token_at(std::string_view text, uint32_t at);

}  // namespace lictor
