#pragma once
#include <cstdlib>
#include <string_view>

namespace lumi::test {

/// `usual`, or `full` where LUMI_TEST_LONG=1 asks for the long loops (./scripts/test --full).
inline int loops(int usual, int full) {
  const char* is_long = std::getenv("LUMI_TEST_LONG");
  return is_long != nullptr && std::string_view(is_long) == "1" ? full : usual;
}

}  // namespace lumi::test
