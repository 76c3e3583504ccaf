// The standard modules that are written in the language itself: stdlib/std/**/*.lictor, compiled into the program.
//
// The table is generated at build time by cmake/embed_modules.cmake. It is constant, sorted by module name, lives as long
// as the program, and any thread may read it.
#pragma once

#include <span>
#include <string_view>

namespace lictor {

struct StdModule {
  std::string_view name;  // "std.text"
  std::string_view file;  // "std/text.lictor": what diagnostics name
  std::string_view text;  // the source, byte for byte
};

/// All standard modules, sorted by name.
std::span<const StdModule> std_modules();

}  // namespace lictor
