#include "core/evaluation/results_parser.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/evaluation/byte_iterator.hpp"
#include "core/evaluation/sample_status.hpp"
#include "core/evaluation/score_table.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

namespace lumi::evaluation {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_deepest = 100;

// Collects the numbers of a column before they go to the table.
class ColumnBuffer {
public:
  ColumnBuffer(ScoreTable& table, std::size_t column) : table_(table), column_(column) {}
  void add(double value) {
    values_.push_back(value);
    if (values_.size() == ScoreTable::k_block_rows) {
      flush();
    }
  }
  void flush() {
    table_.append(column_, values_);
    values_.clear();
  }

private:
  ScoreTable& table_;
  std::size_t column_;
  std::vector<double> values_;
};

class StringSink final : public ByteSink {
public:
  void write(std::string_view bytes) override { text_ += bytes; }
  std::string take() { return std::exchange(text_, {}); }

private:
  std::string text_;
};

template <class Value>
constexpr bool k_is_number = std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>;

// The levels of a results.json, root first: [0] metrics/parameters/artifacts/lumi, [1] a metric or a list of texts, [2]
// a list of numbers, [3] its elements, [4] the members of an element.
class Handler final : public nlohmann::json_sax<Json> {
public:
  Handler(const std::string& name, ScoreTable& table, const TextVisitor& visit_text)
      : name_(name), table_(table), visit_text_(visit_text), copy_(copied_) {}

  ParsedResults take() {
    if (!has_metrics_) {
      refuse("has no metrics: it is no results file");
    }
    return std::move(results_);
  }

  bool null() override { return on_value(nullptr); }
  bool boolean(bool value) override { return on_value(value); }
  bool number_integer(number_integer_t value) override { return on_value(value); }
  bool number_unsigned(number_unsigned_t value) override { return on_value(value); }
  bool number_float(number_float_t value, const string_t&) override { return on_value(value); }
  bool string(string_t& value) override { return on_value(std::string_view(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (is_copying()) {
      copy_.begin_object();
    } else if (depth() == 2 && is_in("metrics")) {
      results_.metrics.push_back(levels_[1].key);
    } else if (depth() == 4 && column_) {
      element_ = k_null;
    }
    return push(IsArray::no);
  }

  bool key(string_t& name) override {
    levels_.back().key = name;
    has_metrics_ = has_metrics_ || (depth() == 1 && name == "metrics");
    if (depth() > 1 && is_copying()) {
      copy_.key(name);
    }
    return true;
  }

  bool end_object() override {
    levels_.pop_back();
    if (is_copying()) {
      copy_.end_object();
      finish_copy();
    } else if (depth() == 4 && column_) {
      column_->add(element_);
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth() == 0) {
      refuse("is no JSON object");
    }
    if (is_copying()) {
      copy_.begin_array();
    } else if (depth() == 2 && is_in("lumi")) {
      results_.status_column = table_.add_column();
      column_.emplace(table_, *results_.status_column);
    } else if (depth() == 3 && is_in("metrics")) {
      results_.lists.push_back({levels_[1].key, levels_[2].key, table_.add_column()});
      column_.emplace(table_, results_.lists.back().column);
    }
    return push(IsArray::yes);
  }

  bool end_array() override {
    levels_.pop_back();
    if (is_copying()) {
      copy_.end_array();
      finish_copy();
    } else if (column_ && depth() == (is_in("lumi") ? 2 : 3)) {
      column_->flush();
      column_.reset();
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    refuse("is no JSON: byte " + std::to_string(position) + " does not fit");
  }

private:
  enum class IsArray { no, yes };
  struct Level {
    std::string key;  ///< of the member at hand; empty in an array
    IsArray is_array = IsArray::no;
  };

  [[noreturn]] void refuse(const std::string& problem) const {
    throw Error(ErrorCode::invalid_input, quote(name_) + " " + problem);
  }

  std::size_t depth() const { return levels_.size(); }
  bool is_in(std::string_view part) const { return depth() > 0 && levels_.front().key == part; }
  bool is_in_statuses() const { return depth() >= 2 && is_in("lumi") && levels_[1].key == "statuses"; }

  // `parameters` and `lumi` are kept as they are.
  bool is_copying() const { return is_in("parameters") || (is_in("lumi") && !is_in_statuses()); }

  bool push(IsArray is_array) {
    if (depth() >= k_deepest) {
      refuse("is nested too deeply");
    }
    levels_.push_back({{}, is_array});
    return true;
  }

  void finish_copy() {
    if (depth() == 1) {
      (is_in("lumi") ? results_.lumi_json : results_.parameters_json) = copied_.take();
    }
  }

  template <class Value>
  bool on_value(Value value) {
    if (depth() == 0) {
      refuse("is no JSON object");
    }
    if (is_copying()) {
      copy_.value(value);
      finish_copy();
    } else if (is_in("metrics")) {
      on_metric_value(value);
    } else if (is_in_statuses()) {
      on_status(value);
    } else if (is_in("artifacts") && depth() == 3 && levels_[2].is_array == IsArray::yes) {
      on_text(value);
    }
    return true;
  }

  template <class Value>
  void on_metric_value(Value value) {
    if (depth() == 4 && column_) {
      column_->add(to_number(value));
    } else if (depth() == 5 && column_ && levels_[4].key == "score") {
      element_ = to_number(value);
    } else if (const auto number = number_in(value)) {
      on_scalar(*number);
    }
  }

  void on_scalar(double value) {
    if (depth() == 3) {
      results_.scalars.push_back({levels_[1].key, levels_[2].key, value});
    } else if (depth() == 2 && !std::isnan(value)) {
      results_.scalars.push_back({{}, levels_[1].key, value});
    }
  }

  // NaN for null; nothing for what is neither that nor a number.
  template <class Value>
  static std::optional<double> number_in(Value value) {
    if constexpr (k_is_number<Value>) {
      return static_cast<double>(value);
    } else if constexpr (std::is_null_pointer_v<Value>) {
      return k_null;
    } else {
      return std::nullopt;
    }
  }

  template <class Value>
  double to_number(Value value) {
    if constexpr (k_is_number<Value>) {
      auto& list = results_.lists.back();
      list.is_integral = list.is_integral && std::is_integral_v<Value>;
      return static_cast<double>(value);
    } else if constexpr (std::is_null_pointer_v<Value>) {
      return k_null;
    } else {
      refuse("has a list " + quote(results_.lists.back().metric + "." + results_.lists.back().name) +
             " with an element that is no number");
    }
  }

  template <class Value>
  void on_status(Value value) {
    if constexpr (std::is_same_v<Value, std::string_view>) {
      if (const auto status = parse_sample_status(value); status && column_) {
        column_->add(static_cast<double>(*status));
        return;
      }
    } else if constexpr (std::is_null_pointer_v<Value>) {
      if (!column_) {
        return;
      }
    }
    refuse("has a sample status that is none");
  }

  template <class Value>
  void on_text(Value value) {
    const auto& list = levels_[1].key;
    if (list != "predictions" && list != "ground_truth") {
      return;
    }
    const auto kind = list == "predictions" ? TextList::predictions : TextList::ground_truth;
    if constexpr (std::is_same_v<Value, std::string_view>) {
      visit_text_(kind, value);
    } else if constexpr (std::is_null_pointer_v<Value>) {
      visit_text_(kind, std::nullopt);
    } else {
      refuse("has an element of " + quote("artifacts." + list) + " that is no text");
    }
  }

  const std::string& name_;
  ScoreTable& table_;
  const TextVisitor& visit_text_;
  ParsedResults results_;
  std::vector<Level> levels_;
  bool has_metrics_ = false;
  std::optional<ColumnBuffer> column_;
  double element_ = k_null;
  StringSink copied_;
  JsonWriter copy_;
};

}  // namespace

ParsedResults
parse_results(ByteSource& source, const std::string& name, ScoreTable& table, const TextVisitor& visit_text) {
  Handler handler(name, table, visit_text);
  Json::sax_parse(ByteIterator(source), ByteIterator(), &handler);
  return handler.take();
}

}  // namespace lumi::evaluation
