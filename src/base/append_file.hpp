#pragma once
#include <filesystem>
#include <string_view>

namespace lumi {

/// Appends `text` to the file `path`, which is made if it is not there. Throws system_error.
void append_file(const std::filesystem::path& path, std::string_view text);

}  // namespace lumi
