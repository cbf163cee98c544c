#include "base/error.hpp"
#include "core/evaluation/results_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using lumi::evaluation::SampleRow;

[[noreturn]] void fail() { std::abort(); }

// What is read at all has columns of one length, and as many samples as rows.
void check(const std::string& text) {
  const lumi::evaluation::ResultsReader reader(
      [&] { return std::make_unique<lumi::TextSource>(text); }, "results.json", 4096);
  const auto& outcome = reader.outcome();
  if (outcome.samples.total() != outcome.rows) {
    fail();
  }
  std::uint64_t visited = 0;
  reader.for_each([&](const SampleRow& row) {
    if (row.number != ++visited || row.scores.size() != lumi::evaluation::score_columns(outcome).size()) {
      fail();
    }
    return true;
  });
  if (visited != outcome.rows) {
    fail();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    check(text);
  } catch (const lumi::Error& error) {
    if (error.code() != lumi::ErrorCode::invalid_input) {
      fail();
    }
  }
  return 0;
}
