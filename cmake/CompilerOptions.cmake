# Compiler settings shared by every target: link lumi_options to get them.
option(LUMI_WERROR "Treat warnings as errors" OFF)
option(LUMI_LTO "Optimise across translation units" OFF)
option(LUMI_FUZZ "Build the fuzzers (needs clang)" OFF)
set(LUMI_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(LUMI_PCH "Precompile the standard headers: a whole build takes a third less, but ccache cannot help the next one" OFF)
option(LUMI_UNITY "Compile files by eights: a whole build is much sooner, but one change compiles eight anew" OFF)
find_program(LUMI_CCACHE ccache)
if(LUMI_CCACHE AND NOT LUMI_PCH)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LUMI_CCACHE}")
endif()

add_library(lumi_options INTERFACE)
target_include_directories(lumi_options INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_include_directories(lumi_options SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/generated")

# Adds each flag that the compiler knows, and does not warn of.
function(lumi_add_compile_options)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "LUMI_HAS${flag}" known)
    check_cxx_compiler_flag("${flag}" ${known})
    if(${known})
      target_compile_options(lumi_options INTERFACE "${flag}")
    endif()
  endforeach()
endfunction()

# Adds each linker flag that the linker knows.
function(lumi_add_link_options)
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "LUMI_LINKS${flag}" known)
    check_linker_flag(CXX "${flag}" ${known})
    if(${known})
      target_link_options(lumi_options INTERFACE "${flag}")
    endif()
  endforeach()
endfunction()

# Precompiles the headers that nearly every file includes, and those named, if asked for. Builds without it show what a
# file forgot.
function(lumi_precompile target)
  if(LUMI_PCH)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <cstdint> <filesystem> <functional> <memory> <optional> <span> <string> <string_view> <utility>
      <vector> ${ARGN})
  endif()
endfunction()

# --- warnings ---

target_compile_options(lumi_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Werror=format-security)
lumi_add_compile_options(-Wtrampolines -Wbidi-chars=any)
if(LUMI_WERROR)
  target_compile_options(lumi_options INTERFACE -Werror)
endif()

# --- code ---

# No fused multiply-add and no reassociation: scores must have the same bits everywhere.
target_compile_options(lumi_options INTERFACE -ffp-contract=off -fPIE)
target_link_options(lumi_options INTERFACE -pie)
target_compile_definitions(lumi_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(LUMI_SANITIZE)
  target_compile_definitions(lumi_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(lumi_options INTERFACE
    -fsanitize=${LUMI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lumi_options INTERFACE -fsanitize=${LUMI_SANITIZE})
else()
  # Hardening. tests/lint/hardening.py reads the result in the program.
  set(optimised $<CONFIG:Release,RelWithDebInfo>)
  # Not in the code of tests (LUMI_TEST), which is not optimised either: nobody attacks it, and it is built sooner.
  set(hardened $<AND:${optimised},$<NOT:$<BOOL:$<TARGET_PROPERTY:LUMI_TEST>>>>)
  target_compile_options(lumi_options INTERFACE
    $<${hardened}:-U_FORTIFY_SOURCE> $<${hardened}:-D_FORTIFY_SOURCE=3>)
  lumi_add_compile_options(
    -mbranch-protection=standard -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero)
    string(MAKE_C_IDENTIFIER "LUMI_HAS${flag}" known)
    check_cxx_compiler_flag("${flag}" ${known})
    if(${known})
      target_compile_options(lumi_options INTERFACE $<${hardened}:${flag}>)
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_FLAGS)
  lumi_add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,nodlopen)

  # Every page that the loader must read or relocate costs each command start-up time (docs/adr/0003): only libc and
  # libm stay shared, what nothing uses is left out, and relative relocations are packed.
  target_compile_options(lumi_options INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(lumi_options INTERFACE -static-libstdc++ -static-libgcc)
  lumi_add_link_options(-Wl,--as-needed -Wl,--gc-sections -Wl,-z,pack-relative-relocs)
endif()

if(LUMI_FUZZ)
  # The fuzzer sees only the branches of what is compiled with this.
  target_compile_options(lumi_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(LUMI_LTO)
  include(CheckIPOSupported)
  check_ipo_supported()
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
