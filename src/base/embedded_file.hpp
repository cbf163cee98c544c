#pragma once
#include <string_view>

namespace lumi {

/// A text file compiled into the program (cmake/EmbedFiles.cmake).
struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

}  // namespace lumi
