#include "base/text_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace lumi {

std::string read_text_file(const std::filesystem::path& path) {
  auto text = read_file(path);
  if (const auto bad = find_invalid_utf8(text)) {
    throw Error(ErrorCode::invalid_input,
                quote(path.string()) + " is not UTF-8 at byte " + std::to_string(*bad + 1),
                "save it as UTF-8");
  }
  if (text.find('\0') != std::string::npos) {
    throw Error(ErrorCode::invalid_input, quote(path.string()) + " is no text: it has a NUL in it");
  }
  text.erase(0, text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0);
  return text;
}

}  // namespace lumi
