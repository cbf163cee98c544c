#pragma once
#include <optional>
#include <string_view>

namespace lumi::tabular {

/// A kind of file that is not UTF-8 text, and what its owner can do.
struct FileKind {
  const char* what;
  const char* advice;
};

/// The kind of file that starts with `bytes`, if it is one of the well-known kinds that are not UTF-8 text.
std::optional<FileKind> find_file_kind(std::string_view bytes);

}  // namespace lumi::tabular
