#include "core/services/dataset_statistics.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>
#include <unordered_set>

namespace lumi::services {

namespace {

constexpr std::size_t k_most_hashes = 1'000'000;

/// Collects least, most and sum of a length.
class LengthCounter {
public:
  void add(std::uint64_t length) {
    least_ = std::min(least_, length);
    most_ = std::max(most_, length);
    sum_ += length;
    ++count_;
  }

  Lengths result() const {
    return count_ == 0 ? Lengths{} : Lengths{least_, most_, static_cast<double>(sum_) / static_cast<double>(count_)};
  }

private:
  std::uint64_t least_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t count_ = 0;
};

struct ColumnCounter {
  std::uint64_t blank = 0;
  std::unordered_set<std::size_t> seen;
  LengthCounter characters;
  LengthCounter words;

  void add(std::string_view text) {
    blank += is_blank(text) ? 1U : 0U;
    characters.add(count_code_points(text));
    words.add(metrics::python::count_words(text));
    if (seen.size() < k_most_hashes) {
      seen.insert(std::hash<std::string_view>()(text));
    }
  }
};

std::size_t hash_of_row(const tabular::Row& row) {
  std::size_t hash = 0;
  for (const auto field : row.fields) {
    hash = hash * 1'099'511'628'211U + std::hash<std::string_view>()(field);
  }
  return hash;
}

}  // namespace

DatasetStatistics collect_statistics(tabular::RowReader& reader) {
  DatasetStatistics statistics;
  std::vector<ColumnCounter> counters(reader.columns().size());
  std::unordered_set<std::size_t> rows_seen;
  for (tabular::Row row; reader.next(row);) {
    throw_if_interrupted();
    ++statistics.rows;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      counters[i].add(row.fields[i]);
    }
    const auto hash = hash_of_row(row);
    if (rows_seen.count(hash) != 0) {
      ++statistics.duplicate_rows;
    } else if (rows_seen.size() < k_most_hashes) {
      rows_seen.insert(hash);
    }
  }
  for (std::size_t i = 0; i < counters.size(); ++i) {
    const auto& counter = counters[i];
    statistics.columns.push_back(
        {reader.columns()[i], counter.blank, counter.seen.size(), counter.characters.result(), counter.words.result()});
  }
  return statistics;
}

}  // namespace lumi::services
