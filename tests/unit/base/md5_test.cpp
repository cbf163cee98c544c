#include "base/md5.hpp"

#include <doctest/doctest.h>

TEST_CASE("MD5 in base64, as RFC 1864 has it") {
  CHECK(lumi::md5_base64("") == "1B2M2Y8AsgTpgAmY7PhCfg==");
  CHECK(lumi::md5_base64("abc") == "kAFQmDzST7DWlj99KOF/cg==");
}
