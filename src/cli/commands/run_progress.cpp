#include "cli/commands/run_progress.hpp"

#include "base/decimals.hpp"

#include <algorithm>
#include <utility>

namespace lumi::cli {

namespace {

constexpr auto k_between_lines = std::chrono::milliseconds(100);
constexpr int k_cent_digits = 4;

std::vector<ProgressDetail> details_of(const ModelProgress& model) {
  return {
      {"errors", static_cast<double>(model.failed), model.failed > 0 ? std::to_string(model.failed) + " failed" : ""},
      {"tokens", static_cast<double>(model.tokens), model.tokens > 0 ? std::to_string(model.tokens) + " tokens" : ""},
      {"cost", model.cost, model.cost > 0 ? "$" + decimals(model.cost, k_cent_digits) : ""},
  };
}

std::string line_of(const ModelProgress& model, double seconds) {
  switch (model.phase) {
  case RunPhase::waiting:
    return "starting";
  case RunPhase::asking:
    return bar_text("asking", Counts::rows, model.done, model.total, details_of(model), seconds);
  case RunPhase::scoring:
    return "scoring " + std::to_string(model.total) + " rows";
  case RunPhase::ended:
    break;
  }
  return "done";
}

}  // namespace

RunProgress::RunProgress(Streams& streams, std::vector<std::string> names)
    : streams_(streams), names_(std::move(names)), together_(streams, "asking", Counts::rows),
      has_lines_(streams.settings().progress && streams.settings().verbosity != Verbosity::quiet &&
                 !streams.settings().json && streams.err_terminal() == Terminal::yes),
      started_(std::chrono::steady_clock::now()), next_(started_ + k_between_lines) {
  std::size_t width = 0;
  for (auto& name : names_) {
    name = printable(name);
    width = std::max(width, name.size());
  }
  for (auto& name : names_) {
    name.resize(width, ' ');
  }
}

RunProgress::~RunProgress() {
  if (lines_shown_ > 0) {
    streams_.err().write("\x1b[" + std::to_string(lines_shown_) + "A\r\x1b[J");
  }
}

void RunProgress::update(const std::vector<ModelProgress>& models) {
  if (has_lines_) {
    if (const auto now = std::chrono::steady_clock::now(); now >= next_) {
      next_ = now + k_between_lines;
      show_lines(models);
    }
    return;
  }
  ModelProgress all;
  for (const auto& model : models) {
    all.done += model.phase == RunPhase::asking ? model.done : model.total;
    all.total += model.total;
    all.failed += model.failed;
    all.tokens += model.tokens;
    all.cost += model.cost;
  }
  together_.update(all.done, all.total, [&] { return details_of(all); });
}

void RunProgress::show_lines(const std::vector<ModelProgress>& models) {
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::string text = lines_shown_ > 0 ? "\x1b[" + std::to_string(lines_shown_) + "A" : "";
  for (std::size_t i = 0; i < models.size(); ++i) {
    text += "\r" + truncated(names_[i] + "  " + line_of(models[i], seconds), streams_.width() - 1) + "\x1b[K\n";
  }
  lines_shown_ = models.size();
  streams_.err().write(text);
}

}  // namespace lumi::cli
