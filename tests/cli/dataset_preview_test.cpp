#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("dataset preview shows the first rows in every form") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset("examples,n\n\"a\tb\",1\nc,2\nd,3\n");
  CHECK(fixture.lumi({"dataset", "preview", id, "-n", "2"}).out == "a\\tb\t1\nc\t2\n");
  CHECK(fixture.lumi({"dataset", "preview", id, "-n", "1", "--json"}).out ==
        "{\"total\":3,\"items\":[{\"examples\":\"a\\tb\",\"n\":\"1\"}]}\n");
  const auto table = fixture.lumi_at_terminal({"dataset", "preview", id, "--color", "never"});
  CHECK(table.out == "examples  n\na\\tb      1\nc         2\nd         3\n");
}
