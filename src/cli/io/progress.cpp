#include "cli/io/progress.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

using std::chrono::milliseconds;

constexpr auto k_first_sign = milliseconds(80);
constexpr auto k_bar_interval = milliseconds(100);
constexpr auto k_json_interval = std::chrono::seconds(1);
constexpr auto k_line_interval = std::chrono::seconds(5);

std::string text_of(const std::vector<ProgressDetail>& details) {
  std::string text;
  for (const auto& detail : details) {
    text += detail.text.empty() ? "" : ", " + detail.text;
  }
  return text;
}

std::string amount(Counts counts, std::uint64_t count) {
  return counts == Counts::bytes ? human_size(count) : std::to_string(count);
}

}  // namespace

std::string bar_text(std::string_view doing,
                     Counts counts,
                     std::uint64_t done,
                     std::uint64_t total,
                     const std::vector<ProgressDetail>& details,
                     double seconds) {
  std::string text = std::string(doing) + " ";
  if (total > 0) {
    constexpr std::uint64_t k_cells = 24;
    const auto filled = static_cast<std::size_t>(std::min(done, total) * k_cells / total);
    text += "[" + std::string(filled, '#') + std::string(k_cells - filled, '.') + "] " +
            std::to_string(std::min(done, total) * 100 / total) + "% ";
  }
  text += amount(counts, done) + (total > 0 ? "/" + amount(counts, total) : "") +
          (counts == Counts::rows ? " rows" : "") + text_of(details);
  if (total > done && done > 0) {
    const auto left =
        static_cast<std::int64_t>(seconds / static_cast<double>(done) * static_cast<double>(total - done));
    text += ", " + std::to_string(left) + " s left";
  }
  return text;
}

Progress::Progress(Streams& streams, std::string_view doing, Counts counts)
    : streams_(streams), doing_(doing), counts_(counts),
      enabled_(streams.settings().progress && streams.settings().verbosity != Verbosity::quiet),
      started_(std::chrono::steady_clock::now()), next_(started_ + k_first_sign) {}

Progress::~Progress() {
  if (bar_shown_) {
    streams_.err().write("\r\x1b[K");
  }
}

void Progress::update(std::uint64_t done, std::uint64_t total, const ProgressDetails& details) {
  if (!enabled_) {
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_) {
    show(done, total, details ? details() : Details(), now);
  }
}

void Progress::show(std::uint64_t done, std::uint64_t total, const Details& details, Time now) {
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  if (streams_.settings().json) {
    show_json(done, total, details, elapsed);
    next_ = now + k_json_interval;
  } else if (streams_.err_terminal() == Terminal::yes) {
    show_bar(done, total, details, elapsed);
    next_ = now + k_bar_interval;
  } else {
    show_line(done, total, details);
    next_ = now + k_line_interval;
  }
}

void Progress::show_bar(std::uint64_t done, std::uint64_t total, const Details& details, double elapsed) {
  const auto text = bar_text(doing_, counts_, done, total, details, elapsed);
  streams_.err().write("\r" + truncated(text, streams_.width() - 1) + "\x1b[K");
  bar_shown_ = true;
}

void Progress::show_line(std::uint64_t done, std::uint64_t total, const Details& details) {
  streams_.err().write("lumi: " + doing_ + " " + amount(counts_, done) +
                       (total > 0 ? " of " + amount(counts_, total) : "") + (counts_ == Counts::rows ? " rows" : "") +
                       text_of(details) + "\n");
}

void Progress::show_json(std::uint64_t done, std::uint64_t total, const Details& details, double elapsed) {
  TextSink json;
  JsonWriter writer(json);
  writer.begin_object();
  writer.member("doing", doing_);
  writer.member("unit", counts_ == Counts::rows ? "rows" : "bytes");
  writer.member("done", done);
  writer.key("total");
  if (total > 0) {
    writer.value(total);
  } else {
    writer.value(nullptr);
  }
  writer.member("seconds", elapsed);
  for (const auto& detail : details) {
    writer.member(detail.name, detail.value);
  }
  writer.end_object();
  streams_.json_line("progress", json.text());
}

}  // namespace lumi::cli
