#include "cli/options.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::cli {

const std::string& OptionDefinition::display_name() const {
  if (is_positional()) {
    return value_name;
  }
  return *std::max_element(
      names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

namespace {

void check_choice(const OptionDefinition& definition, const std::string& value) {
  if (std::find(definition.choices.begin(), definition.choices.end(), value) == definition.choices.end()) {
    const auto near = did_you_mean(value, definition.choices);
    throw Error(ErrorCode::usage,
                definition.display_name() + " cannot be " + quote(value),
                (near.empty() ? "" : near + " ") + "it is one of: " + join(definition.choices, ", "));
  }
}

}  // namespace

OptionHandle& OptionHandle::choices(std::vector<std::string> values) {
  definition_.choices = std::move(values);
  auto& definition = definition_;
  definition.take = [&definition, take = definition.take](const std::string& value) {
    const auto pieces = definition.is_list ? split_outside_brackets(value, ',') : std::vector<std::string>{value};
    for (const auto& piece : pieces) {
      check_choice(definition, piece);
    }
    take(value);
  };
  return *this;
}

OptionHandle& OptionHandle::suggests(std::vector<std::string> values) {
  definition_.choices = std::move(values);
  return *this;
}

OptionHandle& OptionHandle::completes(Completes what) {
  definition_.completes = what;
  return *this;
}

OptionHandle& OptionHandle::required() {
  definition_.required = true;
  return *this;
}

OptionHandle& OptionHandle::group(std::string heading) {
  definition_.group = std::move(heading);
  return *this;
}

OptionHandle& OptionHandle::synonym(std::string name) {
  definition_.hidden_names.push_back(std::move(name));
  return *this;
}

OptionHandle& OptionHandle::hidden() {
  definition_.hidden = true;
  return *this;
}

OptionHandle& OptionHandle::shows_default(std::string text) {
  definition_.default_text = std::move(text);
  return *this;
}

OptionHandle OptionSet::add(std::string_view names, std::string value_name, std::string help) {
  auto& definition = definitions_.emplace_back();
  for (const auto name : split(names, ',')) {
    if (!name.empty()) {
      definition.names.emplace_back(name);
    }
  }
  definition.value_name = std::move(value_name);
  definition.help = std::move(help);
  return OptionHandle(definition);
}

namespace {

std::int64_t whole_number(const OptionDefinition& definition, const std::string& value) {
  const auto number = parse_integer(value);
  if (!number) {
    throw Error(ErrorCode::usage, definition.display_name() + " needs a whole number, not " + quote(value));
  }
  return *number;
}

}  // namespace

OptionHandle OptionSet::flag(std::string_view names, bool& target, std::string help) {
  auto handle = add(names, "", std::move(help));
  definitions_.back().take = [&target](const std::string&) { target = true; };
  return handle;
}

OptionHandle OptionSet::counter(std::string_view names, int& target, std::string help) {
  auto handle = add(names, "", std::move(help));
  definitions_.back().repeatable = true;
  definitions_.back().take = [&target](const std::string&) { ++target; };
  return handle;
}

OptionHandle OptionSet::option(std::string_view names, std::string value_name, std::string& target, std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  definitions_.back().default_text = target;
  definitions_.back().take = [&target](const std::string& value) { target = value; };
  return handle;
}

OptionHandle OptionSet::option(std::string_view names,
                               std::string value_name,
                               std::optional<std::string>& target,
                               std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  definitions_.back().take = [&target](const std::string& value) { target = value; };
  return handle;
}

OptionHandle OptionSet::option(std::string_view names, std::string value_name, std::int64_t& target, std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  auto& definition = definitions_.back();
  definition.default_text = std::to_string(target);
  definition.take = [&target, &definition](const std::string& value) { target = whole_number(definition, value); };
  return handle;
}

OptionHandle OptionSet::option(std::string_view names,
                               std::string value_name,
                               std::optional<std::int64_t>& target,
                               std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  auto& definition = definitions_.back();
  definition.take = [&target, &definition](const std::string& value) { target = whole_number(definition, value); };
  return handle;
}

OptionHandle
OptionSet::list(std::string_view names, std::string value_name, std::vector<std::string>& target, std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  definitions_.back().repeatable = true;
  auto& definition = definitions_.back();
  definition.is_list = true;
  definition.take = [&target, &definition](const std::string& value) {
    if (trim(value).empty()) {
      throw Error(ErrorCode::usage, definition.display_name() + " needs a value");
    }
    for (auto& piece : split_outside_brackets(value, ',')) {
      target.push_back(std::move(piece));
    }
  };
  return handle;
}

OptionHandle OptionSet::repeated(std::string_view names,
                                 std::string value_name,
                                 std::vector<std::string>& target,
                                 std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  definitions_.back().repeatable = true;
  definitions_.back().take = [&target](const std::string& value) { target.push_back(value); };
  return handle;
}

OptionHandle OptionSet::optional_list(std::string_view names,
                                      std::string value_name,
                                      std::optional<std::vector<std::string>>& target,
                                      std::string help) {
  auto handle = add(names, std::move(value_name), std::move(help));
  definitions_.back().optional_value = true;
  definitions_.back().take = [&target](const std::string& value) {
    target.emplace();
    for (auto& piece : split_outside_brackets(value, ',')) {
      target->push_back(std::move(piece));
    }
  };
  return handle;
}

OptionHandle OptionSet::positional(std::string value_name, std::string& target, std::string help) {
  auto handle = add("", std::move(value_name), std::move(help));
  definitions_.back().required = true;
  definitions_.back().take = [&target](const std::string& value) { target = value; };
  return handle;
}

OptionHandle OptionSet::positional(std::string value_name, std::optional<std::string>& target, std::string help) {
  auto handle = add("", std::move(value_name), std::move(help));
  definitions_.back().take = [&target](const std::string& value) { target = value; };
  return handle;
}

OptionHandle OptionSet::positional(std::string value_name, std::vector<std::string>& target, std::string help) {
  auto handle = add("", std::move(value_name), std::move(help));
  definitions_.back().repeatable = true;
  definitions_.back().take = [&target](const std::string& value) { target.push_back(value); };
  return handle;
}

}  // namespace lumi::cli
