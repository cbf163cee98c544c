#pragma once
#include "core/metrics/text/token_table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// Whether tokens are replaced by their Porter stems.
enum class Stemming { no, yes };

/// A text as ROUGE sees it.
struct RougeTokens {
  std::vector<std::uint32_t> ids;
  std::vector<std::size_t> line_ends;  ///< for each line of a text with newlines: how many tokens end with it
  std::string bytes;                   ///< what the ids' table points to

  /// The tokens of each line, or of the whole text if it has no newline.
  std::size_t line_count() const { return line_ends.empty() ? 1 : line_ends.size(); }
  std::span<const std::uint32_t> line(std::size_t index) const {
    if (line_ends.empty()) {
      return ids;
    }
    const std::size_t begin = index == 0 ? 0 : line_ends[index - 1];
    return std::span(ids).subspan(begin, line_ends[index] - begin);
  }
};

/// Cuts `text` as rouge_score does, into the runs of `[a-z0-9]` of its lower case, and numbers them by `table`.
/// Stemming touches tokens of more than 3 characters.
void tokenize_for_rouge(std::string_view text, Stemming stemming, TokenTable& table, RougeTokens& out);

}  // namespace lumi::metrics
