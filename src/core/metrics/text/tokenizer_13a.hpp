#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// Appends `text` to `out` as mteval-v13a prepares it: without `<skipped>` and without hyphens that end a line, and
/// with the entities `&quot;` `&amp;` `&lt;` `&gt;` resolved.
void prepare_13a(std::string_view text, std::string& out);

/// Finds the tokens of mteval-v13a in prepared texts. Keeps its memory for the next text.
class Tokenizer13a {
public:
  /// So many bytes after the end of a prepared text must be readable.
  static constexpr std::size_t k_padding = 64;

  /// Calls `take(begin, end)` with the place of each token in `prepared`.
  template <class Take>
  void for_each_token(std::string_view prepared, Take&& take) {
    find_edges(prepared);
    std::size_t begin = 0;
    bool is_token = false;
    for (std::size_t block = 0; block < edges_.size(); ++block) {
      for (std::uint64_t left = edges_[block].all; left != 0; left &= left - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(left));
        const std::size_t at = 64 * block + bit;
        if (is_token) {
          take(begin, at);
        }
        begin = at;
        is_token = ((edges_[block].starts >> bit) & 1U) != 0;
      }
    }
    if (is_token) {
      take(begin, prepared.size());
    }
  }

private:
  /// Which of 64 bytes are what.
  struct Classes {
    std::uint64_t symbol = 0;
    std::uint64_t space = 0;
    std::uint64_t digit = 0;
    std::uint64_t stop = 0;
    std::uint64_t hyphen = 0;
  };

  /// Where in 64 bytes tokens start, and where they start or end.
  struct Edges {
    std::uint64_t starts = 0;
    std::uint64_t all = 0;
  };

  void find_edges(std::string_view prepared);
  void classify(std::string_view prepared);
  void mark_wide_spaces(std::string_view prepared, std::size_t block, std::uint64_t candidates);
  std::uint64_t find_alone(std::string_view prepared, std::size_t block) const;

  std::vector<Classes> classes_;  ///< of each 64 bytes, with an empty one before and after
  std::vector<Edges> edges_;
};

}  // namespace lumi::metrics
