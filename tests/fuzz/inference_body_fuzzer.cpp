#include "base/error.hpp"
#include "core/schemas/inference_job.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto parse : {lumi::schemas::parse_inference_job, lumi::schemas::parse_annotate_job}) {
    try {
      const auto body = parse(text, "body.json");
      if (body.batch_size < 1 || (body.job_type == "annotate" && body.output_field != "ground_truth")) {
        std::abort();
      }
    } catch (const lumi::Error& error) {
      if (error.code() != lumi::ErrorCode::invalid_input) {
        std::abort();
      }
    }
  }
  return 0;
}
