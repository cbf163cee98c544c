#include "base/error.hpp"
#include "store/files/object_key.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("object keys stay inside the store") {
  using lumi::store::check_object_key;
  CHECK_NOTHROW(check_object_key("datasets/1/naïve file.csv/dataset.csv"));
  for (const std::string& key : {std::string(),
                                 std::string("/abs"),
                                 std::string("a//b"),
                                 std::string("../x"),
                                 std::string("a/./b"),
                                 std::string("a/.."),
                                 std::string("a\0b", 3),
                                 std::string("a/\xFF")}) {
    CHECK_THROWS_AS(check_object_key(key), lumi::Error);
  }
}
