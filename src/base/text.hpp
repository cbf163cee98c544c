#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// U+FEFF in UTF-8, with which some programs start a file.
inline constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

/// The pieces of `text` between occurrences of `separator`; one piece if there is none.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Like split, but separators inside (), [] or {} do not count: `bleu(a=1,b=2),rouge` has two pieces at `,`.
/// Pieces are trimmed; empty pieces are left out.
std::vector<std::string> split_outside_brackets(std::string_view text, char separator);

/// `text` without ASCII white space at both ends.
std::string_view trim(std::string_view text);

/// Whether well-formed UTF-8 holds nothing but white space of any script (what Python's str.isspace calls so), or
/// nothing at all.
bool is_blank(std::string_view text);

/// `parts` with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// ASCII letters in lower case, all other bytes unchanged.
std::string to_lower_ascii(std::string_view text);

/// `text` with ASCII control characters as `\x0a`.
std::string escape_control(std::string_view text);

/// `text` in double quotes with control characters, quotes and backslashes escaped, for error messages.
std::string quote(std::string_view text);

/// The offset of the first byte that is not well-formed UTF-8 (surrogates and overlong forms are not), or nothing.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// `text` with each ill-formed part replaced by one U+FFFD: a part is the longest start of a sequence that could still
/// have become well-formed, else a single byte (the practice that Unicode recommends).
std::string to_valid_utf8(std::string_view text);

/// Decodes the code point at `position` of well-formed UTF-8 and moves `position` past it.
char32_t next_code_point(std::string_view text, std::size_t& position);

/// Appends `code_point` to `out` as UTF-8.
void append_utf8(std::string& out, char32_t code_point);

/// The start of `text`, at most `size` bytes of it, that ends with a whole code point.
std::string_view cut_to_bytes(std::string_view text, std::size_t size);

/// The number of code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

/// Whole-string decimal parsers: nothing if any character is left over or the value does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_real(std::string_view text);

/// Bytes from "50MB" (10^6), "50MiB" (2^20) or "1024"; nothing if it is not a size.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// Milliseconds from "90s", "10m", "1h30m", "500ms" or a bare number of seconds; nothing if it is not a duration.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);

/// "1.2 MB": bytes for people, powers of 1000.
std::string human_size(std::uint64_t bytes);

/// The shortest text that reads back as `value` ("0.1", "1.0", "1e-05" style is not used: see std::to_chars), always
/// with a point or exponent so that it stays a real number; "null" for NaN and infinities, as JSON has none.
std::string json_number(double value);

/// Appends to `out` what json_number gives.
void append_json_number(std::string& out, double value);

/// `text` with every byte that is not a letter, digit, one of `-._~` or in `keep` as %XX (RFC 3986).
std::string percent_encode(std::string_view text, std::string_view keep = {});

/// `text` with every %XX as the byte it stands for; what is not such a sequence stays.
std::string percent_decode(std::string_view text);

}  // namespace lumi
