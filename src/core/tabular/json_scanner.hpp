#pragma once
#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// What a JSON value is; numbers, `true`, `false`, arrays and objects are kept as they are written.
enum class JsonKind { string, written, null, nested };

/// One member of an object as it stands in memory: strings without their quotes, and still escaped.
struct JsonMember {
  std::string_view key;
  std::string_view value;
  JsonKind kind = JsonKind::null;
  bool is_key_escaped = false;
  bool is_value_escaped = false;
};

/// How far an object could be read.
enum class JsonOutcome { object, incomplete, malformed };

/// Reads one object (RFC 8259) out of memory into its members, without recursion. Texts with NUL and halves of
/// surrogate pairs are malformed, and so is what is nested deeper than 100 levels. Whether bytes are UTF-8 is not
/// looked at. It reads up to 16 bytes behind the end.
class JsonScanner {
public:
  explicit JsonScanner(std::size_t max_members) : max_members_(max_members) {}

  /// Reads an object that starts at `begin`; `is_last` says that nothing follows `end`.
  JsonOutcome scan(const char* begin, const char* end, bool is_last);

  const std::vector<JsonMember>& members() const { return members_; }
  std::vector<JsonMember>& members() { return members_; }

  /// After an object: where it ends.
  const char* end() const { return at_; }

  /// After `malformed`: where, and what is wrong.
  const char* problem_at() const { return problem_at_; }
  const std::string& problem() const { return problem_; }
  ErrorCode problem_code() const { return problem_code_; }

private:
  bool fail(const char* at, std::string problem);
  bool skip_space();
  bool expect(char wanted, const char* problem);
  bool read_member();
  bool read_key(std::string_view& key, bool& is_escaped);
  bool read_value(JsonMember& member);
  bool read_string(std::string_view& text, bool& is_escaped);
  bool read_escape();
  bool read_unicode_escape();
  bool read_number(std::string_view& text);
  bool read_word(JsonMember& member);
  bool read_nested(std::string_view& text);
  bool open_level(bool& is_closed);
  bool close_levels();

  std::size_t max_members_;
  std::vector<JsonMember> members_;
  std::string levels_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool is_last_ = false;
  JsonOutcome outcome_ = JsonOutcome::object;
  const char* problem_at_ = nullptr;
  std::string problem_;
  ErrorCode problem_code_ = ErrorCode::invalid_input;
};

}  // namespace lumi::tabular
