#pragma once
#include "base/byte_block.hpp"

#include <cstdint>

namespace lumi {

/// Which bytes of a block do not stand for themselves in a JSON string (RFC 8259 §7): quotes, backslashes and control
/// characters. The first byte is the lowest bit.
inline std::uint32_t json_marks(const ByteBlock& block) {
  return (block.equal_to('"') | block.equal_to('\\') | block.at_most(0x1F)).bits();
}

}  // namespace lumi
