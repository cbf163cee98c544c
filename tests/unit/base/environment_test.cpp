#include "base/environment.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace lumi;

TEST_CASE("an empty variable counts as unset") {
  constexpr const char* k_name = "LUMI_TEST_OF_ENVIRONMENT";
  CHECK_FALSE(environment(k_name));
  ::setenv(k_name, "", 1);
  CHECK_FALSE(environment(k_name));
  ::setenv(k_name, " x ", 1);
  CHECK(environment(k_name) == std::optional<std::string>(" x "));
  ::unsetenv(k_name);
}
