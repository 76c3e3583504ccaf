// The entries of compiler/abi.def with their addresses, for the JIT.
#pragma once

#include <span>

#include "compiler/llvm/jit.h"

namespace lictor {

/// One per entry of abi.def; valid for the life of the process.
std::span<const AbiSymbol> abi_symbols();

}  // namespace lictor
