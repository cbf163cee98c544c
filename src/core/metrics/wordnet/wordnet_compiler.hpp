#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace lumi::metrics {

/// Whether `folder` holds the files of a WordNet database: index, data and exceptions of all parts of speech.
bool is_wordnet_folder(const std::filesystem::path& folder);

/// Tells the files in `folder` from other ones by their path, sizes and times. Throws system_error.
std::uint64_t wordnet_identity(const std::filesystem::path& folder);

/// Reads the WordNet database in `folder` into what class WordNet reads, marked with `identity`. Throws system_error
/// for a file that cannot be read, `invalid_input` for one that is damaged.
std::string compile_wordnet(const std::filesystem::path& folder, std::uint64_t identity);

}  // namespace lumi::metrics
