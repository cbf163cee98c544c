#pragma once
#include "core/config/settings_file.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::config {

/// What the text of a setting must be.
enum class Kind { text, folder, size, integer, number, duration, choice };

/// A setting that exists: its key K.L is also the variable LUMI_K_L.
struct Definition {
  std::string_view key;
  Kind kind;
  std::string_view default_value;  ///< empty: none
  std::string_view help;
  std::string_view choices = {};   ///< space-separated, for Kind::choice
  std::string_view variable = {};  ///< a variable of another name that also sets it
};

/// Every setting, in the order in which they are listed.
std::span<const Definition> all_settings();

/// A setting's value, and where it comes from: "flag", "environment LUMI_X", the file's path, or "default".
struct Setting {
  std::string value;  ///< empty: not set
  std::string origin;
};

/// The settings of this process: flag > environment > configuration file > default. The file is read when it is first
/// needed. Nothing is ever read from the current folder.
class Settings {
public:
  /// Settings that read `file` (which need not exist).
  explicit Settings(std::filesystem::path file) : file_(std::move(file)) {}

  /// The file that LUMI_CONFIG or the XDG folders name.
  static std::filesystem::path default_file();

  const std::filesystem::path& file() const { return file_; }

  /// The setting. Throws `usage` for an unknown key (with a near one), `invalid_input` for a value that does not fit,
  /// naming file and line or the variable.
  Setting get(std::string_view key) const;

  /// The value as bytes (Kind::size) or a whole number (Kind::integer); nothing if it is not set.
  std::optional<std::uint64_t> get_size(std::string_view key) const;
  std::optional<std::int64_t> get_integer(std::string_view key) const;

  /// What the configuration file says below `prefix`, by the rest of the key. Only groups that users fill with names of
  /// their own are free of a definition: "prices".
  FileValues get_group(std::string_view prefix) const;

  /// What a flag says.
  void override_with_flag(std::string_view key, std::string value);

  /// Writes the value into the file, leaving all else in it as it is. Throws `usage` for an unknown key or a value that
  /// does not fit.
  void set(std::string_view key, const std::string& value);

private:
  const FileValues& file_values() const;
  FileValues checked_values(const std::string& text) const;

  std::filesystem::path file_;
  std::map<std::string, std::string, std::less<>> flags_;
  mutable std::optional<FileValues> file_values_;
};

}  // namespace lumi::config
