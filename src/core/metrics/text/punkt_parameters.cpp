#include "core/metrics/text/punkt_parameters.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <limits>

namespace lumi::metrics {

namespace {

constexpr std::array<std::string_view, 4> k_files{
    "abbrev_types.txt", "sent_starters.txt", "collocations.tab", "ortho_context.tab"};

// Titles, months, places, and what reports and footnotes use. Words that also end sentences ("no", "sat", "may") would
// do more harm than good.
constexpr std::string_view k_abbreviations =
    "mr mrs ms dr prof rev gen col capt lt sgt sen rep gov jr sr st inc ltd corp co bros dept vs etc e.g i.e cf al vol "
    "jan feb mar apr aug sep sept oct nov dec u.s u.k u.n d.c a.m p.m ph.d";

constexpr std::size_t k_name_digits = 8;

/// The line that starts at the beginning of `text`, which moves past it; without "\n" or "\r\n".
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

void PunktParameters::make_room(std::size_t entries) {
  slots_.resize(std::bit_ceil(std::max<std::size_t>(entries + entries / 2, 64)));
}

bool PunktParameters::add(std::string_view entry, unsigned facts) {
  if (entry.empty() || entry.size() > std::numeric_limits<std::uint16_t>::max()) {
    return false;
  }
  auto& slot = slots_[find(entry)];
  slot.begin = static_cast<std::uint32_t>(entry.data() - text_.data());
  slot.length = static_cast<std::uint16_t>(entry.size());
  slot.facts = static_cast<std::uint16_t>(slot.facts | facts);
  return true;
}

bool PunktParameters::add_collocation(std::string_view line) {
  const auto tab = line.find('\t');
  return tab != std::string_view::npos && add(line, collocation) && add(line.substr(0, tab), starts_collocation);
}

bool PunktParameters::add_context(std::string_view line) {
  const auto tab = line.find('\t');
  unsigned facts = 0;
  if (tab == std::string_view::npos) {
    return false;
  }
  const char* const end = line.data() + line.size();
  const auto result = std::from_chars(line.data() + tab + 1, end, facts);
  return result.ec == std::errc() && result.ptr == end && (facts & ~(any_upper | any_lower | 0U)) == 0 &&
         add(line.substr(0, tab), facts);
}

PunktParameters PunktParameters::make_builtin() {
  PunktParameters parameters;
  parameters.text_ = k_abbreviations;
  parameters.make_room(parameters.text_.size() / 3);
  for (const auto word : split(parameters.text_, ' ')) {
    parameters.add_abbreviation(word);
  }
  parameters.name_ = "builtin-" + to_hex(checksum(parameters.text_)).substr(0, k_name_digits);
  return parameters;
}

bool PunktParameters::is_in(const std::filesystem::path& folder) {
  return std::all_of(k_files.begin(), k_files.end(), [&](std::string_view file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(folder / file, ignored);
  });
}

PunktParameters PunktParameters::load(const std::filesystem::path& folder) {
  PunktParameters parameters;
  std::array<std::size_t, k_files.size()> ends{};
  for (std::size_t i = 0; i < k_files.size(); ++i) {
    parameters.text_ += read_file(folder / k_files[i]);
    ends[i] = parameters.text_.size();
    parameters.text_ += '\n';
  }
  const std::string_view text = parameters.text_;
  parameters.make_room(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  static constexpr std::array<bool (PunktParameters::*)(std::string_view), k_files.size()> k_readers{
      &PunktParameters::add_abbreviation,
      &PunktParameters::add_sentence_starter,
      &PunktParameters::add_collocation,
      &PunktParameters::add_context};
  std::size_t begin = 0;
  for (std::size_t i = 0; i < k_files.size(); ++i) {
    auto rest = text.substr(begin, ends[i] - begin);
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const auto line = take_line(rest);
      if (!line.empty() && !(parameters.*k_readers[i])(line)) {
        throw Error(ErrorCode::invalid_input,
                    "line " + std::to_string(number) + " of " + quote((folder / k_files[i]).string()) + " is damaged",
                    "install NLTK's punkt_tab data again, or choose meteor(punkt=builtin)");
      }
    }
    begin = ends[i] + 1;
  }
  parameters.name_ = "nltk-data-" + to_hex(checksum(text)).substr(0, k_name_digits);
  return parameters;
}

}  // namespace lumi::metrics
