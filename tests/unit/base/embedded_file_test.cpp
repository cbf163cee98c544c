#include "base/embedded_file.hpp"
#include "base/file.hpp"
#include "embedded/embed_test.hpp"

#include <doctest/doctest.h>

#include <iterator>

using namespace lumi;

TEST_CASE("an embedded file has the bytes of the file, whatever they are") {
  const std::string folder = LUMI_SOURCE_DIR "/tests/data/embed/";
  REQUIRE(std::size(k_embed_test) == 2);
  CHECK(k_embed_test[0].name == "tricky.sql");
  CHECK((k_embed_test[0].text == read_file(folder + "tricky.sql")));
  CHECK(k_embed_test[0].text.size() > 40'000);
  CHECK(k_embed_test[1].name == "empty.sql");
  CHECK(k_embed_test[1].text.empty());
}
