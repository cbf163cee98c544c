#include "base/error.hpp"
#include "core/schemas/job.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto body = lumi::schemas::parse_evaluator_job(text, "body.json");
    if (body.batch_size < 1) {
      std::abort();
    }
  } catch (const lumi::Error& error) {
    if (error.code() != lumi::ErrorCode::invalid_input) {
      std::abort();
    }
  }
  return 0;
}
