#include "base/ids.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace lumi;

TEST_CASE("RandomIds makes version 4 UUIDs, each one new") {
  RandomIds ids;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = ids.uuid();
    CHECK(normalize_uuid(id) == id);
    CHECK(id[14] == '4');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("every bit of a UUID that may be random is") {
  RandomIds ids;
  std::set<char> digits_at[36];
  for (int i = 0; i < 1000; ++i) {
    const auto id = ids.uuid();
    for (std::size_t k = 0; k < id.size(); ++k) {
      digits_at[k].insert(id[k]);
    }
  }
  for (std::size_t k = 0; k < 36; ++k) {
    const bool fixed = k == 8 || k == 13 || k == 14 || k == 18 || k == 23;
    CHECK(digits_at[k].size() == (fixed ? 1U : k == 19 ? 4U : 16U));
  }
}

TEST_CASE("normalize_uuid takes any case, with or without hyphens") {
  const std::string usual = "0123abcd-4567-89ab-cdef-0123456789ab";
  CHECK(normalize_uuid(usual) == usual);
  CHECK(normalize_uuid("0123ABCD-4567-89AB-CDEF-0123456789AB") == usual);
  CHECK(normalize_uuid("0123abcd456789abcdef0123456789ab") == usual);
  CHECK_FALSE(normalize_uuid(""));
  CHECK_FALSE(normalize_uuid("0123abcd"));
  CHECK_FALSE(normalize_uuid("0123abcd-4567-89ab-cdef-0123456789ag"));
  CHECK_FALSE(normalize_uuid("0123abcd4-567-89ab-cdef-0123456789ab"));
  CHECK_FALSE(normalize_uuid("0123abcd-4567-89ab-cdef-0123456789ab0"));
  CHECK_FALSE(normalize_uuid("0123abcd4567-89abcdef-0123456789ab"));
}
