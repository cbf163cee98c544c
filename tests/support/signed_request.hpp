#pragma once
#include "net/http_client.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace lumi::test {

/// The value of a header that `request` must not have twice; empty if there is none.
inline std::string header_of(const net::HttpRequest& request, std::string_view name) {
  std::string found;
  for (const auto& header : request.headers) {
    if (net::is_same_name(header.name, name)) {
      CHECK(found.empty());
      found = header.value;
    }
  }
  return found;
}

/// What follows the last `mark` in `text`.
inline std::string after(const std::string& text, std::string_view mark) {
  const auto at = text.rfind(mark);
  return at == std::string::npos ? "no " + std::string(mark) : text.substr(at + mark.size());
}

}  // namespace lumi::test
