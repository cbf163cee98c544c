#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/evaluation/results_writer.hpp"

#include <memory>
#include <regex>
#include <string>
#include <utility>

namespace lumi::test {

/// An input over a text in memory.
inline evaluation::Input text_input(std::string text, std::string name = "predictions.csv") {
  class OwnedSource final : public ByteSource {
  public:
    explicit OwnedSource(std::shared_ptr<const std::string> text) : text_(std::move(text)), source_(*text_) {}
    std::size_t read(char* buffer, std::size_t capacity) override { return source_.read(buffer, capacity); }

  private:
    std::shared_ptr<const std::string> text_;
    TextSource source_;
  };
  evaluation::Input input;
  input.format = tabular::format_of(name);
  input.name = std::move(name);
  input.size_bytes = text.size();
  input.open = [shared = std::make_shared<const std::string>(std::move(text))] {
    return std::make_unique<OwnedSource>(shared);
  };
  return input;
}

/// Plans and evaluates in one step, with data from the usual places.
inline evaluation::Outcome evaluate(const evaluation::Input& input, const evaluation::Request& request) {
  const auto plan = evaluation::make_plan(request, {});
  return evaluation::evaluate(input, request, plan);
}

/// results.json, with the times in it as 0.
inline std::string results_text(const evaluation::Outcome& outcome,
                                const evaluation::Input& input,
                                const evaluation::Request& request,
                                std::string_view parameters_json = "{}") {
  TextSink sink;
  evaluation::write_results(sink, outcome, input, request, {parameters_json});
  static const std::regex k_times(R"(("evaluation_time":|"evaluation":)[0-9.e+-]+)");
  return std::regex_replace(sink.text(), k_times, "$010.0");
}

}  // namespace lumi::test
