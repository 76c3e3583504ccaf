# Third-party packages, all from Debian 12 (packages.txt); docs/dependencies.md says what each is for.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(zstd REQUIRED CONFIG)
find_package(absl REQUIRED CONFIG)
find_package(fmt REQUIRED CONFIG)
find_package(spdlog REQUIRED CONFIG)
find_package(pegtl REQUIRED CONFIG)
find_package(simdjson REQUIRED CONFIG)
find_package(nlohmann_json REQUIRED CONFIG)
find_package(CLI11 REQUIRED CONFIG)
find_package(tomlplusplus REQUIRED CONFIG)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/llvm)

# A static archive by its name, as an imported target; the shared library serves where no archive is installed.
function(lictor_static_package target archive header)
  find_library(${target}_LIBRARY NAMES ${archive} REQUIRED)
  find_path(${target}_INCLUDE NAMES ${header} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${target}_LIBRARY}"
                                             INTERFACE_INCLUDE_DIRECTORIES "${${target}_INCLUDE}")
endfunction()
lictor_static_package(lictor_re2 "libre2.a;re2" re2/re2.h)
lictor_static_package(lictor_utf8proc "libutf8proc.a;utf8proc" utf8proc.h)
lictor_static_package(lictor_sqlite "libsqlite3.a;sqlite3" sqlite3.h)
lictor_static_package(lictor_crypto "libcrypto.a;crypto" openssl/evp.h)
lictor_static_package(lictor_z "libz.a;z" zlib.h)
set_property(TARGET lictor_utf8proc PROPERTY INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
set_property(TARGET lictor_re2 lictor_sqlite lictor_crypto APPEND PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads
                                                                           ${CMAKE_DL_LIBS} m)

# LLVM's archives ask for the shared zlib and zstd: at each start of the command that is two more libraries to map.
get_target_property(llvm_support_links LLVMSupport INTERFACE_LINK_LIBRARIES)
if(TARGET zstd::libzstd_static)
  list(TRANSFORM llvm_support_links REPLACE "^zstd::libzstd_shared$" "zstd::libzstd_static")
endif()
list(TRANSFORM llvm_support_links REPLACE "^ZLIB::ZLIB$" "lictor_z")
set_target_properties(LLVMSupport PROPERTIES INTERFACE_LINK_LIBRARIES "${llvm_support_links}")
llvm_map_components_to_libnames(LICTOR_LLVM_LIBRARIES core orcjit native passes support object irreader bitwriter)

# Abseil's targets name its shared libraries; the archives lie beside them.
get_directory_property(imported IMPORTED_TARGETS)
list(FILTER imported INCLUDE REGEX "^absl::")
foreach(target IN LISTS imported)
  get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
  foreach(configuration IN LISTS configurations)
    get_target_property(library ${target} IMPORTED_LOCATION_${configuration})
    string(REGEX REPLACE "\\.so.*$" ".a" archive "${library}")
    if(EXISTS "${archive}")
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} "${archive}")
    endif()
  endforeach()
endforeach()

include(LictorLateInit)
