#include "store/files/object_key.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace lumi::store {

void check_object_key(std::string_view key) {
  bool fits = !key.empty() && key.size() <= 1024 && key.find('\0') == std::string_view::npos && !find_invalid_utf8(key);
  for (const auto part : split(key, '/')) {
    fits = fits && !part.empty() && part != "." && part != ".." && part.size() <= 255;
  }
  if (!fits) {
    throw Error(ErrorCode::invalid_input, quote(key) + " cannot be an object key");
  }
}

}  // namespace lumi::store
