#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("import lumigator says what is no Lumigator") {
  const test::CliFixture fixture;
  const auto text = fixture.file("a.db", "examples\none\n");
  const auto import = [&](const std::string& database, const std::string& objects) {
    return fixture.lumi({"import", "lumigator", "--database", database, "--objects", objects});
  };
  const auto objects = text.substr(0, text.rfind('/'));
  CHECK(import(text, objects).exit == 11);
  CHECK(fixture.lumi({"import", "lumigator", "--database", text, "--objects", objects, "--dry-run"}).exit == 11);
  CHECK(import(text + ".gone", objects).exit == 5);
  CHECK(import(text, objects + ".gone").exit == 5);
  CHECK(import(text, text).exit == 11);
  CHECK(import(objects, objects).exit == 11);
  CHECK(import(text, "ftp://x").exit == 2);
  CHECK(fixture.lumi({"import", "lumigator", "--objects", objects}).exit == 2);
}
