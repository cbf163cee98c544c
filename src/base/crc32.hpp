#pragma once
#include <cstdint>
#include <string_view>

namespace lumi {

/// The CRC-32 of ISO-HDLC, which zlib, PNG and gzip use: crc32("123456789") is 0xCBF43926. Finds every change of up to
/// 32 bits in a row.
std::uint32_t crc32(std::string_view bytes);

}  // namespace lumi
