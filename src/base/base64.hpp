#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace lumi {

/// Base64 with padding (RFC 4648), on one line.
std::string base64_encode(std::string_view bytes);

/// The bytes that `text` stands for; nothing for what is no Base64 with padding.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace lumi
