#pragma once
#include <string>
#include <string_view>

namespace lumi::test {

inline bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// `text` with `line_end` for each LF.
inline std::string with_line_ends(std::string text, const std::string& line_end) {
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + line_end.size())) {
    text.replace(at, 1, line_end);
  }
  return text;
}

}  // namespace lumi::test
