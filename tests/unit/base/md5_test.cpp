#include "base/md5.hpp"

#include <doctest/doctest.h>

TEST_CASE("MD5 in base64, as RFC 1864 has it") {
  CHECK(lumi::md5_base64("") == "1B2M2Y8AsgTpgAmY7PhCfg==");
  CHECK(lumi::md5_base64("abc") == "kAFQmDzST7DWlj99KOF/cg==");
}

TEST_CASE("MD5 in hex, as RFC 1321 has it") {
  CHECK(lumi::md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(lumi::md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
}
