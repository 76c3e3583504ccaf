// Do two conditions exclude each other, as far as can be seen without looking at facts?
#pragma once

#include "compiler/core.h"

namespace lictor {

/// True where some literal of one body contradicts one of the other: a test and its negation, an atom and its negation,
/// or two comparisons of one value with constants that no value passes both. Both bodies read the same request. Only
/// literals without variables are compared. False means: not seen.
bool exclude_each_other(const Schema& schema, const Body& a, const Body& b);

}  // namespace lictor
