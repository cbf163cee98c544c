#pragma once
#include "base/byte_stream.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// How a JSON document is laid out.
class JsonStyle {
public:
  /// No white space at all: `{"a":1,"b":[1,2]}`.
  static constexpr JsonStyle compact() { return JsonStyle(0); }

  /// A line for each member and element, `spaces` (at least 1) deeper than what holds it; empty ones stay `{}` and
  /// `[]`.
  static constexpr JsonStyle indented(std::size_t spaces) { return JsonStyle(spaces); }

  constexpr std::size_t indent() const { return indent_; }

private:
  explicit constexpr JsonStyle(std::size_t indent) : indent_(indent) {}
  std::size_t indent_;
};

/// Writes JSON to a sink piece by piece, in blocks; when the outermost value ends everything has reached the sink.
/// Further values may follow it, as in JSON Lines; what separates them is the caller's to write to the sink.
/// Keys where no key belongs, and the like, are bugs and asserted.
class JsonWriter {
public:
  /// Writes to `sink`, which must outlive the writer.
  explicit JsonWriter(ByteSink& sink, JsonStyle style = JsonStyle::compact());

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  /// The name of the object's next member; its value must follow.
  void key(std::string_view name);

  /// A string: quotes, backslashes and control characters escaped; each ill-formed part of it as one U+FFFD.
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }

  /// A real number as json_number writes it: `null` for NaN and infinities.
  void value(double number);

  void value(std::nullptr_t) { raw("null"); }

  template <std::same_as<bool> Bool>
  void value(Bool truth) {
    raw(truth ? "true" : "false");
  }

  template <std::integral Integer>
  requires(!std::same_as<Integer, bool> && sizeof(Integer) > 1) void value(Integer number) {
    if constexpr (std::unsigned_integral<Integer>) {
      write_unsigned(number);
    } else {
      write_signed(number);
    }
  }

  /// The value, or `null` if there is none.
  template <class Value>
  void value(const std::optional<Value>& perhaps) {
    if (perhaps) {
      value(*perhaps);
    } else {
      raw("null");
    }
  }

  /// A value that is JSON already; written as it is.
  void raw(std::string_view json);

  /// `key` and `value` in one.
  template <class Value>
  void member(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }

private:
  struct Level {
    char closing;
    bool is_empty;
  };

  void begin(char opening);
  void end(char closing);
  void before_value();
  void after_value();
  void start_line();
  void write_signed(std::int64_t number);
  void write_unsigned(std::uint64_t number);

  ByteSink& sink_;
  JsonStyle style_;
  std::string buffer_;
  std::vector<Level> levels_;
  bool has_key_ = false;
};

/// Appends `text` to `out` as a JSON string in quotes, as JsonWriter writes it.
void append_json_string(std::string& out, std::string_view text);

}  // namespace lumi
