#include "core/tabular/columns.hpp"

#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace lumi::tabular {

namespace {

/// Hands out names that nobody else has.
class FreeNames {
public:
  explicit FreeNames(const std::vector<std::string>& names) : in_file_(names.begin(), names.end()) {}

  /// `name` the first time, later `name.1` and so on.
  std::string take(const std::string& name) {
    if (taken_.insert(name).second) {
      return name;
    }
    for (;;) {
      auto candidate = name + '.' + std::to_string(++last_suffix_[name]);
      if (!in_file_.contains(candidate) && taken_.insert(candidate).second) {
        return candidate;
      }
    }
  }

private:
  std::unordered_set<std::string> in_file_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::uint64_t> last_suffix_;
};

std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t k_shown = 10;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names.size(), k_shown); ++i) {
    shown.push_back(quote_short(names[i]));
  }
  const auto rest = names.size() - shown.size();
  return join(shown, ", ") + (rest > 0 ? " and " + std::to_string(rest) + " more" : "");
}

}  // namespace

std::string suggest_column(std::string_view wanted, const std::vector<std::string>& names) {
  // The cost of comparing grows with both lengths, and a file may hold anything.
  constexpr std::size_t k_longest = 100;
  constexpr std::size_t k_most = 1000;
  if (wanted.size() > k_longest || names.size() > k_most) {
    return "";
  }
  for (const auto& name : names) {
    if (name.size() <= k_longest && to_lower_ascii(trim(name)) == to_lower_ascii(trim(wanted))) {
      return "the column " + quote_short(name) + " differs in capitals or blanks only";
    }
  }
  std::vector<std::string> candidates;
  std::copy_if(names.begin(), names.end(), std::back_inserter(candidates), [](const std::string& name) {
    return name.size() <= k_longest;
  });
  const auto near = closest(wanted, candidates);
  return near ? "did you mean the column " + quote_short(*near) + "?" : "";
}

NamedColumns name_columns(std::vector<std::string> names) {
  NamedColumns named;
  FreeNames free_names(names);
  const auto give = [&](std::size_t i, const std::string& wanted) {
    auto given = free_names.take(wanted);
    if (given != names[i]) {
      const auto was = names[i].empty() ? " has no name" : " is another " + quote_short(names[i]);
      named.notes.push_back("column " + std::to_string(i + 1) + was + ": it is called " + quote_short(given));
      names[i] = std::move(given);
    }
  };
  std::vector<std::size_t> nameless;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      nameless.push_back(i);
    } else {
      give(i, std::string(names[i]));
    }
  }
  for (const auto i : nameless) {
    give(i, "Unnamed: " + std::to_string(i));
  }
  named.names = std::move(names);
  return named;
}

std::optional<Problem> rename_columns(std::vector<std::string>& names, std::span<const ColumnRename> renames) {
  auto renamed = names;
  for (const auto& rename : renames) {
    const auto found = std::find(names.begin(), names.end(), rename.from);
    if (found == names.end()) {
      const auto likely = suggest_column(rename.from, names);
      return Problem{.field = rename.from,
                     .message = "there is no column " + quote_short(rename.from),
                     .hint = likely.empty() ? "the columns are " + list_of(names) : likely};
    }
    renamed[static_cast<std::size_t>(found - names.begin())] = rename.to;
  }
  for (const auto& rename : renames) {
    if (std::count(renamed.begin(), renamed.end(), rename.to) > 1) {
      return Problem{.field = rename.to,
                     .message = "there would be two columns " + quote_short(rename.to),
                     .hint = "map the other one to another name"};
    }
  }
  names = std::move(renamed);
  return std::nullopt;
}

std::optional<Problem> find_missing_columns(const std::vector<std::string>& names,
                                            const std::vector<std::string>& required) {
  std::vector<std::string> missing;
  std::vector<std::string> hints;
  for (const auto& name : required) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      missing.push_back(name);
      if (auto likely = suggest_column(name, names); !likely.empty()) {
        hints.push_back(std::move(likely));
      }
    }
  }
  if (missing.empty()) {
    return std::nullopt;
  }
  hints.push_back("the columns are " + list_of(names));
  return Problem{.field = missing.front(),
                 .message = "Dataset is missing required fields: " + join(missing, ", "),
                 .hint = join(hints, "; ")};
}

}  // namespace lumi::tabular
