// From plan to object file: IR, optimisation, machine code. Internal to this folder.
#pragma once

#include <string>

#include "compiler/plan.h"
#include "lictor/error.h"

namespace lictor::native {

/// An ELF object for this machine, with one global symbol, the table of entry points (emit.h). `optimize` as in JitOptions;
/// large plans get less than they ask for, so that the time stays bounded. Fails with kUnavailable.
Result<std::string> make_object(const Plan& plan, int optimize);

/// The optimised IR as text.
Result<std::string> make_text(const Plan& plan, int optimize);

/// The processor and LLVM that objects are made for and by: part of the key of cached ones.
std::string target_identity();

}  // namespace lictor::native
