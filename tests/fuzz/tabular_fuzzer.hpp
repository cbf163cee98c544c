#pragma once
#include "support/table_properties.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace lumi::test {

/// Takes the first two bytes for the variant, and ends the process if a property does not hold for the rest.
inline int fuzz_tabular(const std::uint8_t* data, std::size_t size, tabular::Format format) {
  if (size < 2) {
    return 0;
  }
  const std::size_t variant = data[0] + 256U * data[1];
  const auto broken = find_broken_property({reinterpret_cast<const char*>(data) + 2, size - 2}, format, variant);
  if (!broken.empty()) {
    std::fprintf(stderr, "does not hold: %s\n", broken.c_str());
    std::abort();
  }
  return 0;
}

}  // namespace lumi::test
