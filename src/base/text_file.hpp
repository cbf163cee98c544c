#pragma once
#include <filesystem>
#include <string>

namespace lumi {

/// The whole file as text that people have written: UTF-8 without NUL, a byte order mark at its start left out. Throws
/// as FileSource, and `invalid_input` for anything else.
std::string read_text_file(const std::filesystem::path& path);

}  // namespace lumi
