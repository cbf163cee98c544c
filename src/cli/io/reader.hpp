#pragma once
#include "cli/io/streams.hpp"

namespace lumi::cli {

/// False once it is known that nobody reads stdout any more: work that has no other end than its output may stop.
bool has_reader(const Streams& streams);

}  // namespace lumi::cli
