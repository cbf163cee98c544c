#include "tabular_fuzzer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lumi::test::fuzz_tabular(data, size, lumi::tabular::Format::json);
}
