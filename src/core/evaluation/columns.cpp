#include "core/evaluation/columns.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::evaluation {

namespace {

constexpr std::size_t k_most_listed = 20;

// The file's name for the column that an evaluation calls `name`.
const std::string& file_column(const ColumnNames& names, const std::string& name) {
  for (const auto& [ours, theirs] : names.map) {
    if (ours == name) {
      return theirs;
    }
  }
  return name;
}

std::string listed(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  for (std::size_t i = 0; i < std::min(columns.size(), k_most_listed); ++i) {
    quoted.push_back(quote(columns[i]));
  }
  auto text = "its columns are " + join(quoted, ", ");
  if (columns.size() > k_most_listed) {
    text += " and " + std::to_string(columns.size() - k_most_listed) + " more";
  }
  return text;
}

struct Role {
  const std::string& name;
  std::string_view flag;
};

std::optional<std::size_t> find(const std::vector<std::string>& columns, const std::string& name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? std::nullopt : std::optional<std::size_t>(found - columns.begin());
}

std::size_t
get(const std::vector<std::string>& columns, const ColumnNames& names, const Role& role, const std::string& file_name) {
  const auto& wanted = file_column(names, role.name);
  if (const auto place = find(columns, wanted)) {
    return *place;
  }
  auto hint = did_you_mean(wanted, columns);
  hint += (hint.empty() ? "" : " ") + listed(columns) + "; " + std::string(role.flag) + " or --map names another";
  throw Error(ErrorCode::invalid_input, quote(file_name) + " has no column " + quote(wanted), std::move(hint));
}

}  // namespace

void check_column_names(const ColumnNames& names) {
  const std::vector<std::string> readable = {
      names.predictions, names.ground_truth, names.source, std::string(k_status_column)};
  for (const auto& [ours, theirs] : names.map) {
    if (std::find(readable.begin(), readable.end(), ours) == readable.end()) {
      auto hint = did_you_mean(ours, readable);
      hint += (hint.empty() ? "" : " ") + std::string("the left side of --map is one of ") + join(readable, ", ");
      throw Error(ErrorCode::usage, "an evaluation reads no column " + quote(ours), std::move(hint));
    }
  }
}

ColumnPlaces find_columns(const std::vector<std::string>& columns,
                          const ColumnNames& names,
                          NeededColumns needed,
                          const std::string& file_name) {
  const Role predictions{names.predictions, "--predictions-field"};
  const Role ground_truth{names.ground_truth, "--reference-field"};
  const Role source{names.source, "--source-field"};
  ColumnPlaces places;
  places.predictions = get(columns, names, predictions, file_name);
  places.ground_truth = needed.ground_truth ? get(columns, names, ground_truth, file_name)
                                            : find(columns, file_column(names, names.ground_truth));
  if (needed.source) {
    places.source = get(columns, names, source, file_name);
  }
  places.status = find(columns, file_column(names, std::string(k_status_column)));
  return places;
}

}  // namespace lumi::evaluation
