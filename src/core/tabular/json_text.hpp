#pragma once
#include <cstddef>
#include <string_view>

namespace lumi::tabular {

/// The size of what `escaped`, the inside of a valid JSON string, stands for.
std::size_t decoded_size(std::string_view escaped);

/// Decodes the escapes of `text`, the inside of a valid JSON string, in its own memory, which it may change.
void decode_in_place(std::string_view& text);

/// Takes the white space outside of strings away from `json`, a valid JSON value, in its own memory.
void compact_in_place(std::string_view& json);

}  // namespace lumi::tabular
