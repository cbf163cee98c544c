#pragma once
#include <string>
#include <string_view>

namespace lumi {

/// The MD5 digest (RFC 1321) of `bytes` in base64, as the header Content-MD5 has it: for servers that ask for one, and
/// nothing that has to be safe.
std::string md5_base64(std::string_view bytes);

/// The same as 32 lower-case hex digits, as the ETag of what was sent to S3 in one request.
std::string md5_hex(std::string_view bytes);

}  // namespace lumi
