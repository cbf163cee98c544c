#include "core/services/resolve_id.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

using lumi::ErrorCode;
using lumi::services::resolve_uuid;

namespace {

const std::vector<std::string> k_ids = {"0a1b2c3d-0000-4000-8000-000000000001",
                                        "0a1b2c3d-0000-4000-8000-000000000002",
                                        "ffff2c3d-0000-4000-8000-000000000003"};

std::vector<std::string> find(const std::string& prefix, std::size_t limit) {
  std::vector<std::string> found;
  for (const auto& id : k_ids) {
    if (found.size() < limit && id.starts_with(prefix)) {
      found.push_back(id);
    }
  }
  return found;
}

std::string resolve(std::string_view text) {
  return resolve_uuid("job", text, {find, [](const std::string&) { return k_ids; }});
}

lumi::Error id_refusal(std::string_view text) {
  const auto error = lumi::test::error_of([&] { resolve(text); });
  REQUIRE(error);
  return *error;
}

}  // namespace

TEST_CASE("an id is named in full in any form, or by a prefix that is unique") {
  CHECK(resolve(k_ids[0]) == k_ids[0]);
  CHECK(resolve("0A1B2C3D000040008000000000000001") == k_ids[0]);
  CHECK(resolve("ffff") == k_ids[2]);
  CHECK(resolve("FFFF2c3d-00") == k_ids[2]);
  CHECK(resolve("ffff2c3d0000400") == k_ids[2]);
}

TEST_CASE("short, ambiguous and unknown ids are refused") {
  CHECK(id_refusal("fff").code() == ErrorCode::usage);
  const auto ambiguous = id_refusal("0a1b");
  CHECK(ambiguous.code() == ErrorCode::usage);
  CHECK(std::string(ambiguous.what()) == "several jobs start with \"0a1b\"");
  CHECK(ambiguous.hint() == "they are " + k_ids[0] + ", " + k_ids[1]);
  const auto unknown = id_refusal("abcdef");
  CHECK(unknown.code() == ErrorCode::not_found);
  CHECK(std::string(unknown.what()) == "job \"abcdef\" not found");
  CHECK(unknown.hint() == "'lumi job list' shows what there is");
  CHECK(id_refusal("ffff2c3d-0000-4000-8000-000000000004").hint() == "did you mean \"" + k_ids[2] + "\"?");
  CHECK(id_refusal("not an id").code() == ErrorCode::not_found);
  CHECK(id_refusal(std::string(200, 'a')).code() == ErrorCode::not_found);
}

TEST_CASE("a number of Lumigator's names what has it with zeros before it") {
  using lumi::services::padded_id;
  const std::vector<std::string> ids = {padded_id("7"), "7a00000000000000000000000000000f"};
  const auto find_hex = [&](const std::string& prefix, std::size_t limit) {
    std::vector<std::string> found;
    for (const auto& id : ids) {
      if (found.size() < limit && id.starts_with(prefix)) {
        found.push_back(id);
      }
    }
    return found;
  };
  const auto resolve_experiment = [&](std::string_view text) {
    return lumi::services::resolve_hex_id("experiment", text, {find_hex});
  };
  CHECK(padded_id("7") == "00000000000000000000000000000007");
  CHECK(resolve_experiment("7") == ids[0]);
  CHECK(resolve_experiment(ids[0]) == ids[0]);
  CHECK(resolve_experiment("7a00") == ids[1]);
  CHECK(lumi::test::code_of([&] { resolve_experiment("8"); }) == ErrorCode::usage);
  CHECK(lumi::test::code_of([&] { resolve_experiment("12345"); }) == ErrorCode::not_found);
}
