#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// What shell completion offers for a value.
enum class Completes {
  nothing,
  file,
  folder,
  dataset,
  dataset_or_file,
  job,
  experiment,
  workflow,
  secret,
  model,
  metric,
  config_key,
  command,
  topic,
  field
};

/// One flag, option or positional argument: the only source of parsing, help, manual and completion.
struct OptionDefinition {
  std::vector<std::string> names;         ///< "-L", "--limit"; empty for a positional argument
  std::vector<std::string> hidden_names;  ///< synonyms that work but are not shown
  std::string value_name;                 ///< "N"; empty for a switch
  std::string help;
  std::string group;  ///< heading in help; empty: "Options"
  std::vector<std::string> choices;
  std::string default_text;
  Completes completes = Completes::nothing;
  bool repeatable = false;
  bool is_list = false;  ///< a value may hold several, separated by commas
  bool required = false;
  bool optional_value = false;  ///< `--json` or `--json=fields`, never `--json fields`
  bool hidden = false;

  /// Takes one value as typed ("" for a switch). Throws Error{usage}.
  std::function<void(const std::string& value)> take;

  /// The longest name, or the value name of a positional argument: what messages call it.
  const std::string& display_name() const;
  bool is_positional() const { return names.empty(); }
  bool is_switch() const { return value_name.empty(); }
};

/// Refines the definition that was just added.
class OptionHandle {
public:
  explicit OptionHandle(OptionDefinition& definition) : definition_(definition) {}
  OptionHandle& choices(std::vector<std::string> values);

  /// Choices that help and completion show, but that the command checks itself.
  OptionHandle& suggests(std::vector<std::string> values);
  OptionHandle& completes(Completes what);
  OptionHandle& required();
  OptionHandle& group(std::string heading);
  OptionHandle& synonym(std::string name);
  OptionHandle& hidden();
  OptionHandle& shows_default(std::string text);

private:
  OptionDefinition& definition_;
};

/// The options of one command. Names are given as "-L,--limit"; targets must outlive the set.
class OptionSet {
public:
  /// A switch: `target` becomes true.
  OptionHandle flag(std::string_view names, bool& target, std::string help);

  /// A switch that may be given several times: `target` counts.
  OptionHandle counter(std::string_view names, int& target, std::string help);

  /// An option with one value; given several times, the last one counts. Sizes, durations and enum values are strings
  /// here: see the parsers in base/text.
  OptionHandle option(std::string_view names, std::string value_name, std::string& target, std::string help);
  OptionHandle
  option(std::string_view names, std::string value_name, std::optional<std::string>& target, std::string help);
  OptionHandle option(std::string_view names, std::string value_name, std::int64_t& target, std::string help);
  OptionHandle
  option(std::string_view names, std::string value_name, std::optional<std::int64_t>& target, std::string help);

  /// An option that may be repeated, and whose values may hold several separated by commas outside brackets.
  OptionHandle list(std::string_view names, std::string value_name, std::vector<std::string>& target, std::string help);

  /// An option that may be repeated; commas in the values are kept.
  OptionHandle
  repeated(std::string_view names, std::string value_name, std::vector<std::string>& target, std::string help);

  /// A switch that may carry a value after `=`: bare gives an empty list.
  OptionHandle optional_list(std::string_view names,
                             std::string value_name,
                             std::optional<std::vector<std::string>>& target,
                             std::string help);

  /// Positional arguments, in order. A vector takes all that are left (at least one if required).
  OptionHandle positional(std::string value_name, std::string& target, std::string help);
  OptionHandle positional(std::string value_name, std::optional<std::string>& target, std::string help);
  OptionHandle positional(std::string value_name, std::vector<std::string>& target, std::string help);

  const std::deque<OptionDefinition>& definitions() const { return definitions_; }

private:
  OptionHandle add(std::string_view names, std::string value_name, std::string help);

  std::deque<OptionDefinition> definitions_;
};

}  // namespace lumi::cli
