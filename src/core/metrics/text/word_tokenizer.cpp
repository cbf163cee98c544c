#include "core/metrics/text/word_tokenizer.hpp"

#include <algorithm>
#include <array>

namespace lumi::metrics {

namespace {

/// The bytes of the mark before `end` that may stand between the last period and the end of the sentence, or 0.
std::size_t closing_mark_before(std::string_view text, std::size_t end) {
  constexpr std::string_view k_marks = "])}>\"' ";
  constexpr std::array<std::string_view, 3> k_wide_marks{"\u00BB", "\u201D", "\u2019"};
  if (k_marks.find(text[end - 1]) != std::string_view::npos) {
    return 1;
  }
  for (const auto mark : k_wide_marks) {
    if (end >= mark.size() && text.substr(end - mark.size(), mark.size()) == mark) {
      return mark.size();
    }
  }
  return 0;
}

}  // namespace

WordTokenizer::End WordTokenizer::find_end(std::string_view sentence) {
  const auto text = python::strip_right(sentence);
  std::size_t at = text.size();
  while (at > 0) {
    const std::size_t length = closing_mark_before(text, at);
    if (length == 0) {
      break;
    }
    at -= length;
  }
  if (at < 2 || text[at - 1] != '.' || text[at - 2] == '.') {
    return {};
  }
  // A quotation mark after a space opens and has become two backticks by then.
  const auto marks = text.substr(at);
  if (marks.find(" \"") != std::string_view::npos || marks.find(" ''") != std::string_view::npos) {
    return {};
  }
  return {at - 1, text.size()};
}

Beside WordTokenizer::before(std::string_view sentence, std::size_t at) {
  return at == 0 ? Beside::nothing : sentence[at - 1] == ' ' ? Beside::space : Beside::other_space;
}

Beside WordTokenizer::after(std::string_view sentence, std::size_t at, const End& end) {
  if (at >= end.text_end || (at < sentence.size() && sentence[at] == ' ')) {
    return Beside::space;
  }
  return at == sentence.size() ? Beside::nothing : Beside::other_space;
}

bool WordTokenizer::is_plain(std::string_view chunk, unsigned signs) {
  constexpr unsigned k_plain = word_sign::period | word_sign::hyphen | word_sign::other | word_sign::non_ascii;
  if ((signs & ~k_plain) != 0) {
    return false;
  }
  if ((signs & (word_sign::period | word_sign::hyphen)) != 0 &&
      (chunk.find("..") != std::string_view::npos || chunk.find("--") != std::string_view::npos)) {
    return false;
  }
  if ((signs & word_sign::non_ascii) != 0 && chunk.find_first_of("\xC2\xE2") != std::string_view::npos) {
    return false;  // may be a quote
  }
  return !has_contraction(chunk);
}

std::size_t WordTokenizer::split_of(std::string_view word) {
  const auto is = [&](std::string_view other) {
    return word.size() == other.size() &&
           std::equal(word.begin(), word.end(), other.begin(), [](char a, char b) { return (a | 0x20) == b; });
  };
  return is("cannot") || is("gimme") || is("gonna") || is("gotta") || is("lemme") || is("wanna") ? 3 : 0;
}

}  // namespace lumi::metrics
