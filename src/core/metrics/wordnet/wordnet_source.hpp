#pragma once
#include "base/error.hpp"
#include "base/file.hpp"
#include "core/metrics/wordnet/wordnet_format.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// The files of a WordNet database (see wndb(5WN)), mapped into memory. Parts of speech are numbered as in
/// wordnet_format::k_parts. What the readers hand out points into the files, whose memory is given back as they are
/// read.
class WordNetSource {
public:
  /// Throws system_error for a file that cannot be read.
  explicit WordNetSource(const std::filesystem::path& folder);

  /// The size of all index files.
  std::size_t index_bytes() const;

  using TakeIndexLine = std::function<void(std::string_view lemma, const std::vector<std::uint64_t>& synset_offsets)>;
  using TakeSynset = std::function<void(std::uint64_t offset, const std::vector<std::string_view>& names)>;
  using TakeException = std::function<void(std::string_view word, const std::vector<std::string_view>& bases)>;

  /// Each lemma with the offsets of its synsets. These throw `invalid_input` for a damaged line.
  void for_each_index_line(unsigned part, const TakeIndexLine& take) const;

  /// Each synset, in ascending order of offsets, with its names; marks like "(a)" at their ends are left out.
  void for_each_synset(unsigned part, const TakeSynset& take) const;

  /// Each irregular form with the words it may stand for; the last of several lines for the same form counts.
  void for_each_exception(unsigned part, const TakeException& take) const;

  /// The error for a damaged file: `kind` is "index", "data" or "exc".
  Error damaged(std::string_view kind, unsigned part, const std::string& why) const;

private:
  struct Files {
    std::unique_ptr<MappedFile> index;
    std::unique_ptr<MappedFile> data;
    std::unique_ptr<MappedFile> exceptions;
  };

  std::filesystem::path folder_;
  std::array<Files, wordnet_format::k_parts.size()> files_;
};

/// The names of the files of a part of speech: index, data and exceptions.
std::array<std::string, 3> wordnet_files(unsigned part);

}  // namespace lumi::metrics
