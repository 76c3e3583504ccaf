# Compiler, linker and flags for every target: C++23, ccache and mold where present, warnings, sanitizers.
# Ordinary builds are linked at a fixed address: relocating LLVM's tables at each start would cost milliseconds.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(LICTOR_CCACHE ccache)
if(LICTOR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LICTOR_CCACHE}")
endif()

find_program(LICTOR_MOLD mold)
if(LICTOR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,--as-needed)

add_compile_options(-Wall -Wextra -Wpedantic)
if(LICTOR_WERROR)
  add_compile_options(-Werror)
endif()
add_compile_definitions(LICTOR_VERSION="${PROJECT_VERSION}")

if(LICTOR_SANITIZE)
  add_compile_options(-fsanitize=${LICTOR_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LICTOR_SANITIZE})
  if(LICTOR_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
else()
  add_compile_options(-fno-pie)
  add_link_options(-no-pie)
endif()
if(LICTOR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
