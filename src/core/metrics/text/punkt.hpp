#pragma once
#include "core/metrics/text/punkt_parameters.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// Cuts texts into sentences as NLTK 3.8.1's PunktSentenceTokenizer does. Holds scratch memory.
class Punkt {
public:
  /// `parameters` must outlive the object.
  explicit Punkt(const PunktParameters& parameters) : parameters_(parameters) {}

  /// The sentences of well-formed UTF-8 `text`; good until the next call.
  const std::vector<std::string_view>& split(std::string_view text);

private:
  struct Token {
    std::string_view text;
    bool ends_sentence = false;
    bool is_abbreviation = false;
    bool is_ellipsis = false;
  };
  /// A mark that may end a sentence, and what NLTK looks at to decide.
  struct Candidate {
    std::size_t word_begin = 0;  ///< where the word before the mark begins
    std::size_t mark = 0;
    std::size_t context_end = 0;
    std::size_t next_token = std::string_view::npos;  ///< where the word after white space begins, if there is one
  };
  /// Whether a word starts a sentence, as its case and the parameters tell.
  enum class Starts { no, yes, unknown };

  static bool find_context(std::string_view text, Candidate& candidate);
  void find_slices(std::string_view text);
  void examine(std::string_view text, const Candidate& candidate);
  void realign(std::string_view text);
  bool has_break(std::string_view context);
  Token make_token(std::string_view text);
  void reconsider(Token& token, const Token& next);
  Starts starts_sentence(const Token& token, std::string_view type) const;

  struct Slice {
    std::size_t begin;
    std::size_t end;
  };

  const PunktParameters& parameters_;
  std::vector<Slice> slices_;
  std::vector<std::string_view> sentences_;
  std::size_t last_break_ = 0;
  std::string lower_;
  std::string type_;
  std::string next_type_;
};

}  // namespace lumi::metrics
