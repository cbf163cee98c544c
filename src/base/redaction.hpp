#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// The ways in which `secret` may stand in a text: as it is, percent-encoded, in Base64, and as in a JSON string.
std::vector<std::string> forms_of_secret(const std::string& secret);

/// `text` with what is a credential by its place replaced by <REDACTED>, known or not: the values of headers like
/// Authorization and of parameters like X-Amz-Signature, and the user and password in a URL.
std::string mask_credentials(std::string_view text);

}  // namespace lumi
