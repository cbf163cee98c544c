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
  bool points_at_lines = false;
};

constexpr std::array<Format, 6> k_formats{{{"html", write_html},
                                           {"markdown", write_markdown},
                                           {"csv", write_csv},
                                           {"junit", write_junit},
                                           {"sarif", write_sarif, true},
                                           {"github", write_github, true}}};

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : k_formats) {
    names.emplace_back(format.name);
  }
  return names;
}

bool points_at_lines(std::string_view name) {
  return std::ranges::any_of(k_formats,
                             [&](const Format& format) { return format.name == name && format.points_at_lines; });
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
