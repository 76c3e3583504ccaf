# cmake -DROOT=<tree> -P layering.cmake: fails, naming every guilty line, when a file includes what it may not see.
#
# Direction: include, grammar, compiler, runtime, stdlib, host, then service, lsp and cli: each may look left, never
# right. Inside two folders a part stands right of the rest: compiler/llvm of compiler, host/store of host; to those the
# same rule applies, and only the named files may cross. Third-party headers have their one home.
cmake_policy(SET CMP0007 NEW)

# Folder (a deeper one is meant before a shallower one), then what it may include of ours, as a pattern on the path.
set(own_include "^lictor/")
set(own_grammar "^(lictor|grammar)/")
set(own_compiler_llvm "^(lictor|grammar|compiler)/")
set(own_compiler "^(lictor|grammar|compiler)/")
set(own_runtime "^(lictor|grammar|compiler|runtime)/")
set(own_stdlib "^(lictor|grammar|compiler|runtime|stdlib)/")
set(own_host_store "^(lictor|grammar|compiler|runtime|stdlib|host)/")
set(own_host "^(lictor|grammar|compiler|runtime|stdlib|host)/")
set(own_service "^(lictor|grammar|compiler|runtime|stdlib|host|service)/")
set(own_lsp "^(lictor|grammar|compiler|lsp)/")
set(own_cli "^(lictor|grammar|compiler|runtime|stdlib|host|service|lsp|cli)/")
set(own_examples "^lictor/")

# Exceptions to the above that the pattern cannot say: forbidden for the folder even though the pattern allows them.
set(barred_compiler "^compiler/llvm/")
set(barred_lsp "^compiler/(llvm/|driver)")
set(barred_host "^host/store/")

# Third party: pattern on what is included, then a pattern on the files that may include it.
set(third_party
  "^(llvm|llvm-c)/"                     "^compiler/llvm/|^tests/llvm/"
  "^tao/"                               "^grammar/(grammar\\.h|[^/]*\\.cc)$|^tests/grammar/"
  "^sqlite3"                            "^host/store/|^tests/|^bench/"
  "^(libpq-fe\\.h|libpq/|pqxx/)"        "^host/store/|^tests/"
  "^(httplib|boost/(asio|beast)|curl/|nghttp2/|microhttpd|uv\\.h)" "^service/|^tests/"
  "^absl/"                              "^(runtime|stdlib|host|service|tests|bench)/"
  "^simdjson"                           "^(runtime|tests|bench)/"
  "^nlohmann/"                          "^(host|service|lsp|cli|tests|bench)/"
  "^re2/"                               "^compiler/pattern\\.cc$|^stdlib/|^cli/|^tests/"
  "^openssl/"                           "^(stdlib|host|compiler/llvm)/|^tests/"
  "^utf8proc"                           "^(grammar|stdlib)/|^compiler/text_functions\\.cc$|^tests/"
  "^histedit"                           "^cli/repl/"
  "^CLI/"                               "^cli/"
  "^spdlog/"                            "^(service|cli)/"
  "^toml\\+\\+/"                        "^(host|cli|lsp)/|^tests/"
  "^(gtest|gmock)/"                     "^tests/"
  "^benchmark/"                         "^bench/")

set(faults 0)
macro(fault why)
  math(EXPR faults "${faults} + 1")
  message("${file}: #include ${target}: ${why}")
endmacro()

file(GLOB_RECURSE files RELATIVE "${ROOT}"
  "${ROOT}/include/*.h" "${ROOT}/grammar/*.h" "${ROOT}/grammar/*.cc" "${ROOT}/compiler/*.h" "${ROOT}/compiler/*.cc"
  "${ROOT}/compiler/*.def" "${ROOT}/grammar/*.def" "${ROOT}/stdlib/*.def"
  "${ROOT}/runtime/*.h" "${ROOT}/runtime/*.cc" "${ROOT}/stdlib/*.h" "${ROOT}/stdlib/*.cc" "${ROOT}/host/*.h"
  "${ROOT}/host/*.cc" "${ROOT}/service/*.h" "${ROOT}/service/*.cc" "${ROOT}/lsp/*.h" "${ROOT}/lsp/*.cc"
  "${ROOT}/cli/*.h" "${ROOT}/cli/*.cc" "${ROOT}/examples/*.cc" "${ROOT}/tests/*.h" "${ROOT}/tests/*.cc"
  "${ROOT}/bench/*.h" "${ROOT}/bench/*.cc")
list(FILTER files EXCLUDE REGEX "^tests/layering_planted/")

set(edges 0)
foreach(file IN LISTS files)
  string(REGEX MATCH "^(compiler/llvm|host/store|[a-z_]+)/" folder "${file}")
  string(REGEX REPLACE "[/]$" "" folder "${folder}")
  string(REPLACE "/" "_" folder "${folder}")

  file(STRINGS "${ROOT}/${file}" lines REGEX "^[ \t]*#[ \t]*include")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"].*$" "\\1" target "${line}")
    math(EXPR edges "${edges} + 1")

    if(target MATCHES "^(tests|bench)/" AND NOT file MATCHES "^(tests|bench)/")
      fault("nothing includes tests or benchmarks")
    elseif(target MATCHES "^(lictor|grammar|compiler|runtime|stdlib|host|service|lsp|cli)/" AND DEFINED own_${folder})
      if(NOT target MATCHES "${own_${folder}}")
        fault("${folder} stands left of it")
      elseif(DEFINED barred_${folder} AND target MATCHES "${barred_${folder}}")
        fault("${folder} may not see this part")
      endif()
    endif()

    set(rules ${third_party})
    while(rules)
      list(POP_FRONT rules header homes)
      if(target MATCHES "${header}" AND NOT file MATCHES "${homes}")
        fault("this library has another home")
      endif()
    endwhile()
  endforeach()
endforeach()

if(faults GREATER 0)
  message(FATAL_ERROR "${faults} forbidden includes")
endif()
if(edges EQUAL 0)
  message(FATAL_ERROR "no includes found below ${ROOT}: nothing was checked")
endif()
