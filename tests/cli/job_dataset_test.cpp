#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("an evaluation produces no dataset") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto result = fixture.lumi({"job", "dataset", id});
  CHECK(result.exit == 5);
  CHECK(result.err.find(id) != std::string::npos);
}
