#pragma once
#include "base/byte_stream.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace lumi::evaluation {

/// A file of rows that can be read several times from its start.
struct Input {
  std::string name;  ///< in messages
  tabular::Format format = tabular::Format::csv;
  std::uint64_t size_bytes = 0;  ///< 0: unknown
  std::function<std::unique_ptr<ByteSource>()> open;
};

/// The input that `path` names. What can be read only once (a FIFO) is first copied to a temporary file without a name.
Input file_input(const std::filesystem::path& path);

/// The input for what `source` holds, copied to a temporary file without a name.
Input spooled_input(ByteSource& source, std::string name);

}  // namespace lumi::evaluation
