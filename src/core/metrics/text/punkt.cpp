#include "core/metrics/text/punkt.hpp"

#include "base/text.hpp"
#include "core/metrics/text/punkt_words.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <array>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_nowhere = std::string_view::npos;
constexpr std::string_view k_number = "##number##";

bool is_mark(char c) { return c == '.' || c == '?' || c == '!'; }

/// Goes through the sentence-ending marks of a text.
class Marks {
public:
  explicit Marks(std::string_view text) : text_(text) {
    for (std::size_t i = 0; i < k_marks.size(); ++i) {
      next_[i] = text.find(k_marks[i]);
    }
  }

  /// The position of the next mark, or npos.
  std::size_t take() {
    const auto first = std::min_element(next_.begin(), next_.end());
    const std::size_t at = *first;
    if (at != k_nowhere) {
      *first = text_.find(text_[at], at + 1);
    }
    return at;
  }

private:
  static constexpr std::string_view k_marks = ".?!";
  std::string_view text_;
  std::array<std::size_t, k_marks.size()> next_{};
};

char32_t first_of(std::string_view text) {
  std::size_t at = 0;
  return next_code_point(text, at);
}

void lower(std::string_view text, std::string& out) {
  out.clear();
  python::append_lower(text, out);
}

/// A letter and a period.
bool is_initial(std::string_view token) {
  std::size_t at = 0;
  const char32_t c = next_code_point(token, at);
  return token.substr(at) == "." && python::is_word(c) && !python::is_decimal(c);
}

/// Whether all of `text` is a number: digits with , - and periods, perhaps after a minus and a point or comma.
bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto skip = [&](std::string_view set) { at += at < text.size() && set.find(text[at]) != k_nowhere ? 1U : 0U; };
  skip("-");
  skip(".,");
  if (at == text.size() || !python::is_decimal(next_code_point(text, at))) {
    return false;
  }
  while (at < text.size()) {
    const char32_t c = next_code_point(text, at);
    if (c != ',' && c != '-' && c != '.' && !python::is_decimal(c)) {
      return false;
    }
  }
  return true;
}

/// The case-normalised form of a token under which the parameters know it.
void append_type(std::string_view token, std::string& type) {
  lower(token, type);
  if (is_number(type)) {
    type = k_number;
  }
}

void drop_period(std::string& type) {
  if (type.size() > 1 && type.back() == '.') {
    type.pop_back();
  }
}

/// The end of white space from `at` on.
std::size_t skip_space(std::string_view text, std::size_t at) {
  for (std::size_t space = 1; at < text.size() && (space = python::space_length(text, at)) > 0;) {
    at += space;
  }
  return at;
}

/// The end of a run without white space from `at` on.
std::size_t skip_token(std::string_view text, std::size_t at) {
  while (at < text.size() && python::space_length(text, at) == 0) {
    ++at;
  }
  return at;
}

/// Where the word before a mark begins: after the last ASCII white space between the candidate before and the mark.
/// NLTK takes a space that is the first character there for none, and then lets the words overlap.
std::size_t
find_word_begin(std::string_view text, std::size_t previous_begin, std::size_t previous_mark, std::size_t mark) {
  for (std::size_t at = mark; at > previous_mark + 1; --at) {
    const char c = text[at - 1];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      return at;
    }
  }
  return previous_begin;
}

}  // namespace

const std::vector<std::string_view>& Punkt::split(std::string_view text) {
  find_slices(text);
  realign(text);
  return sentences_;
}

/// Fills in what follows the mark; false if it cannot end a sentence.
bool Punkt::find_context(std::string_view text, Candidate& candidate) {
  const std::size_t after = candidate.mark + 1;
  if (after == text.size()) {
    return false;
  }
  candidate.next_token = k_nowhere;
  if (is_punkt_punctuation(text[after])) {
    candidate.context_end = after + 1;
    return true;
  }
  const std::size_t next = skip_space(text, after);
  if (next == after || next == text.size()) {
    return false;
  }
  candidate.next_token = next;
  candidate.context_end = skip_token(text, next);
  return true;
}

void Punkt::find_slices(std::string_view text) {
  slices_.clear();
  last_break_ = 0;
  Candidate previous;
  bool has_previous = false;
  Marks marks(text);
  Candidate candidate;
  while ((candidate.mark = marks.take()) != k_nowhere) {
    if (!find_context(text, candidate)) {
      continue;
    }
    candidate.word_begin = find_word_begin(text, previous.word_begin, previous.mark, candidate.mark);
    if (has_previous && previous.mark <= candidate.word_begin) {
      examine(text, previous);
    }
    previous = candidate;
    has_previous = true;
  }
  if (has_previous) {
    examine(text, previous);
  }
  slices_.push_back({last_break_, python::strip_right(text).size()});
}

void Punkt::examine(std::string_view text, const Candidate& candidate) {
  if (has_break(text.substr(candidate.word_begin, candidate.context_end - candidate.word_begin))) {
    const std::size_t end = candidate.mark + 1;
    slices_.push_back({last_break_, end});
    last_break_ = candidate.next_token == k_nowhere ? end : candidate.next_token;
  }
}

/// Gives closing quotes and brackets at the start of a sentence to the one before.
void Punkt::realign(std::string_view text) {
  sentences_.clear();
  std::size_t moved = 0;
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    const std::size_t begin = slices_[i].begin + moved;
    std::size_t end = slices_[i].end;
    moved = 0;
    if (i + 1 < slices_.size()) {
      const auto next = text.substr(slices_[i + 1].begin, slices_[i + 1].end - slices_[i + 1].begin);
      const std::size_t marks = std::min(next.find_first_not_of("\"')]}"), next.size());
      const std::size_t after = skip_space(next, marks);
      if (marks > 0 && (after > marks || after == next.size() || next.substr(marks, 2) == "--")) {
        moved = after;
        end = slices_[i + 1].begin + marks;
      }
    }
    if (begin < end) {
      sentences_.push_back(text.substr(begin, end - begin));
    }
  }
}

/// Whether any word of `context` but the last ends a sentence.
bool Punkt::has_break(std::string_view context) {
  Token previous;
  while (!context.empty()) {
    const auto line = context.substr(0, context.find('\n'));
    context.remove_prefix(std::min(line.size() + 1, context.size()));
    std::size_t at = 0;
    for (auto word = next_punkt_word(line, at); !word.empty(); word = next_punkt_word(line, at)) {
      const Token token = make_token(word);
      if (!previous.text.empty()) {
        reconsider(previous, token);
        if (previous.ends_sentence) {
          return true;
        }
      }
      previous = token;
    }
  }
  return false;
}

/// Classifies a word by itself.
Punkt::Token Punkt::make_token(std::string_view text) {
  Token token;
  token.text = text;
  if (text.size() == 1 && is_mark(text.front())) {
    token.ends_sentence = true;
  } else if (text.back() == '.' && text.size() > 1) {
    if (text.find_first_not_of('.') == k_nowhere) {
      token.is_ellipsis = true;
    } else if (text[text.size() - 2] != '.') {
      lower(text.substr(0, text.size() - 1), lower_);
      const auto after_hyphen = std::string_view(lower_).substr(lower_.rfind('-') + 1);
      token.is_abbreviation =
          ((parameters_.facts(lower_) | parameters_.facts(after_hyphen)) & PunktParameters::abbreviation) != 0;
      token.ends_sentence = !token.is_abbreviation;
    }
  }
  return token;
}

/// Classifies a word that ends in a period by the one after it.
void Punkt::reconsider(Token& token, const Token& next) {
  if (token.text.back() != '.') {
    return;
  }
  append_type(token.text, type_);
  drop_period(type_);
  append_type(next.text, next_type_);
  if (next.ends_sentence) {
    drop_period(next_type_);
  }
  if ((parameters_.facts(type_) & PunktParameters::starts_collocation) != 0) {
    lower_ = type_;
    lower_ += '\t';
    lower_ += next_type_;
    if ((parameters_.facts(lower_) & PunktParameters::collocation) != 0) {
      token.ends_sentence = false;
      return;
    }
  }
  const bool initial = is_initial(token.text);
  const bool starts_upper = python::is_upper(first_of(next.text));
  if ((token.is_abbreviation || token.is_ellipsis) && !initial &&
      (starts_sentence(next, next_type_) == Starts::yes ||
       (starts_upper && (parameters_.facts(next_type_) & PunktParameters::sentence_starter) != 0))) {
    token.ends_sentence = true;
    return;
  }
  if (initial || type_ == k_number) {
    const auto starts = starts_sentence(next, next_type_);
    const bool is_always_upper = (parameters_.facts(next_type_) & PunktParameters::any_lower) == 0;
    if (starts == Starts::no || (starts == Starts::unknown && initial && starts_upper && is_always_upper)) {
      token.ends_sentence = false;
    }
  }
}

Punkt::Starts Punkt::starts_sentence(const Token& token, std::string_view type) const {
  if (token.text.size() == 1 && std::string_view(";:,.!?").find(token.text.front()) != k_nowhere) {
    return Starts::no;
  }
  const unsigned facts = parameters_.facts(type);
  const char32_t first = first_of(token.text);
  if (python::is_upper(first) && (facts & PunktParameters::any_lower) != 0 &&
      (facts & PunktParameters::within_upper) == 0) {
    return Starts::yes;
  }
  if (python::is_lower(first) &&
      ((facts & PunktParameters::any_upper) != 0 || (facts & PunktParameters::begins_lower) == 0)) {
    return Starts::no;
  }
  return Starts::unknown;
}

}  // namespace lumi::metrics
