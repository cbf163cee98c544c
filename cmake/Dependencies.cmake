# Every dependency is a Debian 12 package that scripts/bootstrap installs; docs/adr/0002 says why each is here.
# Static archives are preferred: a shared library costs each command start-up time (docs/adr/0003).
set(LUMI_SHARED_SUFFIXES ${CMAKE_FIND_LIBRARY_SUFFIXES})
set(CMAKE_FIND_LIBRARY_SUFFIXES .a ${LUMI_SHARED_SUFFIXES})
set(OPENSSL_USE_STATIC_LIBS TRUE)

find_package(Threads REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(SQLiteCpp 3.2 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9.1 REQUIRED)
find_package(spdlog 1.10 REQUIRED CONFIG)
find_package(CLI11 2.1 REQUIRED)

# spdlog's own targets link the shared libfmt.
add_library(lumi_spdlog INTERFACE)
target_include_directories(lumi_spdlog SYSTEM INTERFACE $<TARGET_PROPERTY:spdlog::spdlog_header_only,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(lumi_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(lumi_spdlog INTERFACE fmt::fmt-header-only Threads::Threads)

# yaml-cpp's own configuration knows only its shared library.
find_library(LUMI_YAML_CPP_LIBRARY NAMES yaml-cpp REQUIRED)
find_path(LUMI_YAML_CPP_INCLUDE yaml-cpp/yaml.h REQUIRED)
add_library(lumi_yaml_cpp INTERFACE)
target_include_directories(lumi_yaml_cpp SYSTEM INTERFACE "${LUMI_YAML_CPP_INCLUDE}")
target_link_libraries(lumi_yaml_cpp INTERFACE "${LUMI_YAML_CPP_LIBRARY}")

# Only the headers: net/curl_library loads the library when a server is first asked.
find_path(LUMI_CURL_INCLUDE curl/curl.h REQUIRED)

set(CMAKE_FIND_LIBRARY_SUFFIXES ${LUMI_SHARED_SUFFIXES})
if(BUILD_TESTING)
  find_package(doctest 2.4 REQUIRED)
endif()
