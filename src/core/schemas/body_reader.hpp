#pragma once
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::schemas {

/// A JSON object that came from a user, read strictly: wrong types and members that nobody asked for throw
/// `invalid_input` naming the file and the JSON pointer. A member that is null counts as absent. As in Lumigator, a
/// text that is a number does for one, and "true", "no", 1 and the like for true and false.
class BodyReader {
public:
  /// Parses `text`, which must be one JSON object. Throws `invalid_input` as `name:line:column: …` for bad syntax.
  static BodyReader parse(std::string_view text, const std::string& name);

  /// Parses a YAML document (see parse_yaml), which must be a mapping. Everything that is refused later names line and
  /// column too.
  static BodyReader parse_yaml(std::string_view text, const std::string& name);

  /// Whether the member is there, and a text.
  bool is_text(const std::string& key) const;

  std::optional<std::string> text(const std::string& key);
  std::optional<bool> flag(const std::string& key);
  std::optional<double> real(const std::string& key);

  /// A whole number; `7.0` is one too.
  std::optional<std::int64_t> integer(const std::string& key);

  /// An array of texts.
  std::optional<std::vector<std::string>> texts(const std::string& key);

  /// A text, a number, or true or false, as the text of it.
  std::optional<std::string> scalar(const std::string& key);

  /// An object, to be read and finished like this one.
  std::optional<BodyReader> object(const std::string& key);

  /// A list of objects, each to be read and finished. A text among them stands for an object with only the member
  /// `short_for`.
  std::vector<BodyReader> objects(const std::string& key, const std::string& short_for);

  /// The names of all members, sorted.
  std::vector<std::string> keys() const;

  /// The JSON text of a member of any type.
  std::optional<std::string> json(const std::string& key);

  /// Throws for a member that none of the calls above named, with a near name.
  void finish() const;

  /// "NAME: POINTER" of a member, in YAML "NAME:LINE:COLUMN: POINTER": what messages about it begin with.
  std::string place(std::string_view key) const;

  /// The JSON pointer of a member, or of this object without a key.
  std::string pointer(std::string_view key = {}) const;

  /// Throws `invalid_input` for a member: "NAME: POINTER PROBLEM", in YAML "NAME:LINE:COLUMN: POINTER PROBLEM".
  [[noreturn]] void refuse(std::string_view key, const std::string& problem, std::string hint = {}) const;

private:
  /// What is read, and how messages call its parts.
  struct Document;

  BodyReader(std::shared_ptr<const Document> document, const nlohmann::json& object, std::string pointer);

  const nlohmann::json* find(const std::string& key);
  [[noreturn]] void refuse_at(const std::string& pointer, const std::string& problem, std::string hint = {}) const;
  [[noreturn]] void refuse_type(const std::string& key, std::string_view wanted, const nlohmann::json& got) const;

  std::shared_ptr<const Document> document_;  ///< kept alive
  const nlohmann::json* object_;
  std::string pointer_;
  std::vector<std::string> known_;
};

}  // namespace lumi::schemas
