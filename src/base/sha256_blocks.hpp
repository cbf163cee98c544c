#pragma once
#include <cstdint>
#include <string_view>

namespace lumi {

/// Whether the processor has the instructions that hash_block_pairs needs.
bool can_hash_block_pairs();

/// Takes the blocks of 64 bytes that `blocks` consists of into two states of SHA-256 (eight words each, FIPS
/// 180-4, 6.2). The message schedule is made once for both, and the rounds of the one fill the pauses that the
/// instructions for the other have. Undefined unless can_hash_block_pairs().
void hash_block_pairs(std::uint32_t* first, std::uint32_t* second, std::string_view blocks);

}  // namespace lumi
