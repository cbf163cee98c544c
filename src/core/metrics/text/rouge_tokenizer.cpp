#include "core/metrics/text/rouge_tokenizer.hpp"

#include "core/metrics/text/byte_classes.hpp"
#include "core/metrics/text/porter_stemmer.hpp"

#include <algorithm>
#include <bit>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_longest_unstemmed = 3;
constexpr std::size_t k_padding = std::max(k_class_block, TokenTable::k_padding);

/// Sets this bit to make a letter lower case; digits have it too.
constexpr char k_lower_bit = 0x20;

enum RougeByteClass : std::size_t { rouge_token_class, rouge_newline_class, rouge_class_count };

constexpr std::uint8_t classify_rouge_byte(std::uint8_t c) {
  return class_bit<rouge_token_class>(is_ascii_letter(c) | is_ascii_digit(c)) |
         class_bit<rouge_newline_class>(c == '\n');
}

/// The state of one text's tokenisation.
class Cutter {
public:
  Cutter(Stemming stemming, TokenTable& table, RougeTokens& out) : stemming_(stemming), table_(table), out_(out) {}

  void cut(std::size_t length);

private:
  void take(std::size_t begin, std::size_t end);

  Stemming stemming_;
  TokenTable& table_;
  RougeTokens& out_;
};

void Cutter::take(std::size_t begin, std::size_t end) {
  char* const token = out_.bytes.data() + begin;
  std::size_t length = end - begin;
  if (stemming_ == Stemming::yes && length > k_longest_unstemmed) {
    length = stem_porter_ascii(token, length);
  }
  out_.ids.push_back(table_.intern(token, length));
}

/// Cuts the first `length` bytes of `out_.bytes`.
void Cutter::cut(std::size_t length) {
  std::size_t begin = 0;
  bool is_inside = false;
  std::uint64_t before = 0;  // whether the byte before the block belongs to a token
  for (std::size_t base = 0; base < length; base += k_class_block) {
    char* const block = out_.bytes.data() + base;
    const auto found = find_classes<rouge_class_count>(block, classify_rouge_byte);
    for (std::size_t i = 0; i < k_class_block; ++i) {
      block[i] = static_cast<char>(block[i] | k_lower_bit);
    }
    const std::uint64_t inside = found[rouge_token_class];
    // Where tokens start and end, and lines, as if a newline were both.
    std::uint64_t edges = (inside ^ (inside << 1 | before)) | found[rouge_newline_class];
    before = inside >> (k_class_block - 1);
    for (; edges != 0; edges &= edges - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(edges));
      if (is_inside) {
        take(begin, base + bit);
      }
      begin = base + bit;
      is_inside = ((inside >> bit) & 1U) != 0;
      if (((found[rouge_newline_class] >> bit) & 1U) != 0) {
        out_.line_ends.push_back(out_.ids.size());
      }
    }
  }
  if (is_inside) {
    take(begin, length);
  }
  if (!out_.line_ends.empty()) {
    out_.line_ends.push_back(out_.ids.size());
  }
}

// The two characters outside ASCII with an ASCII letter in their lower case: an i and a mark, and a k.
constexpr std::string_view k_utf8_dotted_capital_i = "\u0130";
constexpr std::string_view k_kelvin = "\u212A";

/// Copies `text` with "i " and "k" for those two, which are not shorter, and returns the end of the copy.
char* copy_special(std::string_view text, char* out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (rest.starts_with(k_utf8_dotted_capital_i)) {
      *out++ = 'i';
      *out++ = ' ';
      at += k_utf8_dotted_capital_i.size();
    } else if (rest.starts_with(k_kelvin)) {
      *out++ = 'k';
      at += k_kelvin.size();
    } else {
      *out++ = rest.front();
      ++at;
    }
  }
  return out;
}

/// Copies `text` to the start of `out`, with zeros after it, and returns its length there.
std::size_t copy_text(std::string_view text, std::string& out) {
  if (out.size() < text.size() + k_padding) {
    out.resize(text.size() + k_padding);
  }
  const bool is_plain =
      text.find(k_utf8_dotted_capital_i) == std::string_view::npos && text.find(k_kelvin) == std::string_view::npos;
  char* const end = is_plain ? std::copy(text.begin(), text.end(), out.data()) : copy_special(text, out.data());
  std::fill_n(end, k_padding, '\0');
  return static_cast<std::size_t>(end - out.data());
}

}  // namespace

void tokenize_for_rouge(std::string_view text, Stemming stemming, TokenTable& table, RougeTokens& out) {
  out.ids.clear();
  out.line_ends.clear();
  const std::size_t length = copy_text(text, out.bytes);
  Cutter(stemming, table, out).cut(length);
}

}  // namespace lumi::metrics
