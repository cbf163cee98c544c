#include "core/metrics/registry.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/metrics/bleu.hpp"
#include "core/metrics/meteor.hpp"
#include "core/metrics/rouge.hpp"
#include "core/metrics/token_length.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lumi::metrics {

namespace {

constexpr std::array k_metrics = {
    Registration{rouge_definition, make_rouge},
    Registration{meteor_definition, make_meteor},
    Registration{bleu_definition, make_bleu},
    Registration{token_length_definition, make_token_length},
};

constexpr std::array<std::string_view, 9> k_result_keys = {"bertscore",
                                                           "meteor",
                                                           "rouge",
                                                           "bleu",
                                                           "comet",
                                                           "g_eval_summarization",
                                                           "g_eval_translation",
                                                           "g_eval_translation_noref",
                                                           "token_length"};

constexpr std::string_view k_request_form = "a metric is given as NAME or NAME(OPTION=VALUE,...)";

std::string hint_of(std::string_view word, const std::vector<std::string>& candidates, const std::string& listing) {
  const auto hint = did_you_mean(word, candidates);
  return hint.empty() ? listing : hint + " " + listing;
}

const Registration& get_registration(std::string_view name) {
  for (const auto& registration : all_metrics()) {
    if (registration.definition().name == name) {
      return registration;
    }
  }
  if (is_known_metric(name)) {
    throw Error(ErrorCode::usage,
                "metric " + quote(name) + " cannot be computed by this version of lumi",
                "'lumi help metrics' lists those that can");
  }
  std::vector<std::string> names;
  for (const auto& registration : all_metrics()) {
    names.emplace_back(registration.definition().name);
  }
  throw Error(
      ErrorCode::usage, "unknown metric " + quote(name), hint_of(name, names, "the metrics are " + join(names, ", ")));
}

std::vector<std::string> to_strings(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

void check_value(const Definition& metric, const OptionDefinition& option, const std::string& value) {
  const bool is_flag = option.default_value == "true" || option.default_value == "false";
  const auto choices = is_flag ? std::vector<std::string>{"true", "false"} : to_strings(option.choices);
  if (choices.empty() ? parse_real(value).has_value()
                      : std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return;
  }
  const std::string named = "option " + quote(option.name) + " of metric " + quote(metric.name);
  if (choices.empty()) {
    throw Error(ErrorCode::usage, named + " needs a number, not " + quote(value));
  }
  throw Error(ErrorCode::usage,
              named + " cannot be " + quote(value),
              hint_of(value, choices, "the values are " + join(choices, ", ")));
}

Options fill_options(const Definition& metric, const Request& request) {
  std::vector<std::pair<std::string, std::string>> values;
  std::vector<std::string> names;
  for (const auto& option : metric.options) {
    values.emplace_back(option.name, option.default_value);
    names.emplace_back(option.name);
  }
  for (const auto& [name, value] : request.options) {
    const auto option = std::find(names.begin(), names.end(), name);
    if (option == names.end()) {
      throw Error(ErrorCode::usage,
                  "metric " + quote(metric.name) + " has no option " + quote(name),
                  names.empty() ? "it has no options" : hint_of(name, names, "its options are " + join(names, ", ")));
    }
    const auto index = static_cast<std::size_t>(option - names.begin());
    check_value(metric, metric.options[index], value);
    values[index].second = value;
  }
  return Options(std::move(values));
}

}  // namespace

std::span<const Registration> all_metrics() { return k_metrics; }

std::span<const std::string_view> result_keys() { return k_result_keys; }

bool is_known_metric(std::string_view name) {
  const auto metrics = all_metrics();
  return std::find(k_result_keys.begin(), k_result_keys.end(), name) != k_result_keys.end() ||
         std::any_of(metrics.begin(), metrics.end(), [&](const Registration& registration) {
           return registration.definition().name == name;
         });
}

Request parse_request(std::string_view text) {
  const auto refuse = [&](const std::string& what) {
    return Error(ErrorCode::usage, "metric " + quote(text) + " " + what, std::string(k_request_form));
  };
  const auto trimmed = trim(text);
  const auto open = trimmed.find('(');
  Request request;
  request.name = trim(trimmed.substr(0, open));
  if (request.name.empty() || request.name.find_first_of(")=, \t") != std::string::npos) {
    throw refuse("has no name");
  }
  if (open == std::string_view::npos) {
    return request;
  }
  if (trimmed.back() != ')') {
    throw refuse("does not end in \")\"");
  }
  for (const auto& piece : split_outside_brackets(trimmed.substr(open + 1, trimmed.size() - open - 2), ',')) {
    const auto equals = piece.find('=');
    const auto name = trim(std::string_view(piece).substr(0, equals));
    if (equals == std::string::npos || name.empty()) {
      throw refuse("has " + quote(piece) + " where OPTION=VALUE belongs");
    }
    const bool is_given = std::any_of(
        request.options.begin(), request.options.end(), [&](const auto& option) { return option.first == name; });
    if (is_given) {
      throw refuse("has option " + quote(name) + " twice");
    }
    request.options.emplace_back(name, trim(std::string_view(piece).substr(equals + 1)));
  }
  return request;
}

const Definition& get_definition(std::string_view name) { return get_registration(name).definition(); }

std::unique_ptr<Metric> make_metric(const Request& request, const Resources& resources) {
  const auto& registration = get_registration(request.name);
  return registration.make(fill_options(registration.definition(), request), resources);
}

}  // namespace lumi::metrics
