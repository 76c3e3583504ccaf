// What machine code depends on, as a hash: two plans with one fingerprint have the same code. Facts, tables' rows and
// the values of constants that are no immediate words do not count: code reads those from the snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "compiler/plan.h"
#include "lictor/error.h"

namespace lictor::native {

using Digest = std::array<uint8_t, 32>;

/// Of the parts, one behind the other.
Digest sha256(std::initializer_list<std::string_view> parts);

/// Covers the plan, the engine's build, the processor and `optimize`. Fails with kUnavailable on a plan that has no native
/// form: nested deeper than the emitter may recurse, or with what only rules of a fixpoint have.
Result<Digest> fingerprint(const Plan& plan, int optimize);

/// Is the engine's build known? Without it a cached object could be of another build.
bool has_build_identity();

}  // namespace lictor::native
