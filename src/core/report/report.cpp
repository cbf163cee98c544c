#include "core/report/report.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace lumi::report {

namespace {

struct Format {
  std::string_view name;
  void (*write)(const Report&, ByteSink&);
};

constexpr std::array<Format, 4> k_formats{
    {{"html", write_html}, {"markdown", write_markdown}, {"csv", write_csv}, {"junit", write_junit}}};

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : k_formats) {
    names.emplace_back(format.name);
  }
  return names;
}

void write_report(const Report& report, std::string_view format, ByteSink& sink) {
  const auto* found = std::ranges::find_if(k_formats, [&](const Format& known) { return known.name == format; });
  if (found == k_formats.end()) {
    throw Error(ErrorCode::usage, "unknown format " + quote(format), did_you_mean(format, format_names()));
  }
  BufferedSink buffered(sink);
  found->write(report, buffered);
  buffered.flush();
}

}  // namespace lumi::report
