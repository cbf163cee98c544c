#pragma once
#include "core/tabular/problem.hpp"
#include "core/tabular/row_reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// Column names and what was changed in them.
struct NamedColumns {
  std::vector<std::string> names;
  std::vector<std::string> notes;
};

/// Unique names that are not empty: the nameless column at index i is called `Unnamed: i`, and what repeats gets the
/// first free of `.1`, `.2` … (a name that the file itself uses is not free).
NamedColumns name_columns(std::vector<std::string> names);

/// Gives the columns their new names. A column that is not there, or a new name that is taken, is a problem.
std::optional<Problem> rename_columns(std::vector<std::string>& names, std::span<const ColumnRename> renames);

/// A hint that names the column that `wanted` likely stands for, or an empty text.
std::string suggest_column(std::string_view wanted, const std::vector<std::string>& names);

/// A problem (at no line) that names the `required` columns that `names` lacks, with near names as the hint.
std::optional<Problem> find_missing_columns(const std::vector<std::string>& names,
                                            const std::vector<std::string>& required);

}  // namespace lumi::tabular
