#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE_FIXTURE(test::CliFixture, "baseline delete forgets the name alone") {
  const auto job = create_job();
  CHECK(lumi({"baseline", "set", "main", job}).exit == 0);
  CHECK(lumi({"baseline", "delete", "main"}).exit == 2);
  CHECK(lumi({"baseline", "delete", "main", "--yes", "--json"}).out == "{\"deleted\":[\"main\"]}\n");
  CHECK(lumi({"baseline", "delete", "main", "--yes"}).exit == 5);
  CHECK(lumi({"baseline", "delete", "main", "--yes", "--ignore-not-found"}).exit == 0);
  CHECK(lumi({"job", "get", job}).exit == 0);
}
