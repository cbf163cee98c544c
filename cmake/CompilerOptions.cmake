# Compiler settings shared by every target: link lumi_options to get them.
option(LUMI_WERROR "Treat warnings as errors" OFF)
option(LUMI_LTO "Optimise across translation units" OFF)
option(LUMI_FUZZ "Build the fuzzers (needs clang)" OFF)
set(LUMI_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(LUMI_CCACHE ccache)
if(LUMI_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LUMI_CCACHE}")
endif()

add_library(lumi_options INTERFACE)
target_include_directories(lumi_options INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/generated")
# No fused multiply-add and no reassociation: scores must have the same bits everywhere.
target_compile_options(lumi_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Werror=format-security -ffp-contract=off)
if(LUMI_WERROR)
  target_compile_options(lumi_options INTERFACE -Werror)
endif()

if(LUMI_SANITIZE)
  target_compile_options(lumi_options INTERFACE -fsanitize=${LUMI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lumi_options INTERFACE -fsanitize=${LUMI_SANITIZE})
else()
  target_compile_options(lumi_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
  target_link_options(lumi_options INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
  # Every shared library costs each command start-up time: only libc and libm stay dynamic.
  target_link_options(lumi_options INTERFACE -static-libstdc++ -static-libgcc)
endif()
target_compile_definitions(lumi_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(LUMI_FUZZ)
  target_compile_options(lumi_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(LUMI_LTO)
  include(CheckIPOSupported)
  check_ipo_supported()
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
