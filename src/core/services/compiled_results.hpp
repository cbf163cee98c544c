#pragma once
#include "base/byte_stream.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lumi::services {

/// A results.json that can be read from any of its bytes on.
struct ResultsFile {
  std::string name;  ///< for messages
  std::function<std::unique_ptr<ByteSource>(std::uint64_t offset)> open;
};

/// `workflows/results/{id}/compiled.json`.
std::string compiled_key(const std::string& workflow_id);

/// Writes the members of `metrics`, `parameters`, `artifacts` and `lumi` of both files as one such file: those of the
/// evaluation in its order, then what only the inference has. Of a member of both the inference's counts, unless it is
/// null; the durations of both are kept. The memory used does not grow with the files. Throws `storage` for what is no
/// results file.
void compile_results(ByteSink& sink, const ResultsFile& evaluation, const ResultsFile& inference);

}  // namespace lumi::services
