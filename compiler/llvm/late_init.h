// LLVM's static initialisers, of which the command needs most only where it makes code.
#pragma once

namespace lictor::native {

/// Runs, once, what the build took out of the program's start (cmake/LictorLateInit.cmake); nothing where it took nothing.
/// REQUIRES: called before anything of LLVM but its linking of objects and its facts about the processor.
void run_late_init();

}  // namespace lictor::native
