#include "store/files/s3/aws_settings.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <utility>

namespace lumi::store {

namespace {

/// Reads a file line by line into sections.
class SettingsParser {
public:
  explicit SettingsParser(std::string name) : name_(std::move(name)) {}

  void take(std::string_view line) {
    ++line_number_;
    const auto content = trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') {
      return;
    }
    const bool is_indented = line.front() == ' ' || line.front() == '\t';
    if (content.front() == '[' && !is_indented) {
      take_heading(content);
    } else if (is_indented && section_ != nullptr && !last_key_.empty()) {
      take_inner(content);
    } else {
      take_value(content);
    }
  }

  std::map<std::string, AwsSection, std::less<>> sections() && { return std::move(sections_); }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_input, name_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  void take_heading(std::string_view content) {
    const auto end = content.find(']');
    if (end == std::string_view::npos) {
      fail("the heading has no ]");
    }
    // `profile "my name"` and `profile  x` are headings of "my name" and "x".
    std::string heading;
    for (const char c : trim(content.substr(1, end - 1))) {
      const bool is_space = c == ' ' || c == '\t';
      if (c != '"' && c != '\'' && !(is_space && heading.ends_with(' '))) {
        heading += is_space ? ' ' : c;
      }
    }
    section_ = &sections_[heading];
    last_key_.clear();
  }

  std::pair<std::string, std::string> key_and_value(std::string_view content) const {
    const auto at = content.find_first_of("=:");
    if (at == std::string_view::npos || at == 0) {
      fail("this is neither a heading nor KEY = VALUE");
    }
    return {to_lower_ascii(trim(content.substr(0, at))), std::string(trim(content.substr(at + 1)))};
  }

  void take_value(std::string_view content) {
    if (section_ == nullptr) {
      fail("a value stands before the first heading");
    }
    auto [key, value] = key_and_value(content);
    last_key_ = key;
    (*section_)[std::move(key)] = std::move(value);
  }

  void take_inner(std::string_view content) {
    auto& outer = (*section_)[last_key_];
    if (outer.empty()) {
      auto [key, value] = key_and_value(content);
      (*section_)[last_key_ + "." + key] = std::move(value);
    } else {
      outer.append("\n").append(content);
    }
  }

  std::string name_;
  std::size_t line_number_ = 0;
  std::map<std::string, AwsSection, std::less<>> sections_;
  AwsSection* section_ = nullptr;
  std::string last_key_;
};

const AwsSection* find_section(const std::map<std::string, AwsSection, std::less<>>& file, const std::string& heading) {
  const auto found = file.find(heading);
  return found == file.end() ? nullptr : &found->second;
}

std::optional<std::string> find_value(const AwsSection& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::map<std::string, AwsSection, std::less<>> parse_aws_file(std::string_view text, const std::string& name) {
  SettingsParser parser(name);
  for (const auto line : split(text, '\n')) {
    parser.take(line);
  }
  return std::move(parser).sections();
}

std::optional<std::string> AwsProfile::find(std::string_view key) const {
  const auto value = find_value(credentials, key);
  return value ? value : find_value(config, key);
}

bool AwsSettings::is_set(const char* name) const { return to_lower_ascii(variable(name).value_or("")) == "true"; }

std::string AwsSettings::profile_name() const {
  const auto name = variable("AWS_PROFILE");
  return name ? *name : variable("AWS_DEFAULT_PROFILE").value_or("default");
}

AwsProfile AwsSettings::profile() const {
  const auto name = profile_name();
  auto found = find_profile(name);
  if (!found && name != "default") {
    throw Error(ErrorCode::credentials,
                "the AWS profile " + quote(name) + " is neither in the credentials nor in the config file",
                "see AWS_PROFILE, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE");
  }
  return found ? std::move(*found) : AwsProfile{name, {}, {}};
}

std::optional<AwsProfile> AwsSettings::find_profile(const std::string& name) const {
  const auto* credentials = find_section(credentials_file(), name);
  const auto* config = find_section(config_file(), "profile " + name);
  if (config == nullptr && name == "default") {
    config = find_section(config_file(), name);
  }
  if (credentials == nullptr && config == nullptr) {
    return std::nullopt;
  }
  return AwsProfile{
      name, credentials == nullptr ? AwsSection{} : *credentials, config == nullptr ? AwsSection{} : *config};
}

std::optional<std::string> AwsSettings::endpoint_url(std::string_view service) const {
  const auto used = profile();
  if (const auto services = used.find("services")) {
    const auto* section = find_section(config_file(), "services " + *services);
    auto url = section == nullptr ? std::nullopt : find_value(*section, std::string(service) + ".endpoint_url");
    if (url) {
      return url;
    }
  }
  return used.find("endpoint_url");
}

AwsSettings::File AwsSettings::read(const char* variable_name, std::string_view usual_name) const {
  const auto home = variable("HOME");
  auto path = variable(variable_name).value_or("~/.aws/" + std::string(usual_name));
  if (path.starts_with("~/")) {
    if (!home) {
      return {};
    }
    path.replace(0, 1, *home);
  }
  std::string text;
  try {
    text = read_file(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) {
      return {};
    }
    throw;
  }
  return parse_aws_file(text, path);
}

const AwsSettings::File& AwsSettings::credentials_file() const {
  if (!credentials_file_) {
    credentials_file_ = read("AWS_SHARED_CREDENTIALS_FILE", "credentials");
  }
  return *credentials_file_;
}

const AwsSettings::File& AwsSettings::config_file() const {
  if (!config_file_) {
    config_file_ = read("AWS_CONFIG_FILE", "config");
  }
  return *config_file_;
}

}  // namespace lumi::store
