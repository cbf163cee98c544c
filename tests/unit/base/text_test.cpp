#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("split_outside_brackets leaves separators inside brackets alone") {
  const auto pieces = split_outside_brackets("bleu(a=1,b=2), rouge,,meteor", ',');
  CHECK(pieces == std::vector<std::string>{"bleu(a=1,b=2)", "rouge", "meteor"});
}

TEST_CASE("find_invalid_utf8 names the first bad byte") {
  CHECK_FALSE(find_invalid_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80"));
  CHECK(find_invalid_utf8("caf\xE9") == 3);
  CHECK(find_invalid_utf8("\xC0\x80") == 0);          // overlong
  CHECK(find_invalid_utf8("a\xED\xA0\x80") == 1);     // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // beyond U+10FFFF
  CHECK(find_invalid_utf8("ab\xE2\x82") == 2);        // cut off
}

TEST_CASE("code points round trip through UTF-8") {
  for (const char32_t code_point :
       {U'\0', U'a', U'\u007F', U'\u0080', U'\u07FF', U'\u0800', U'\uFFFF', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, code_point);
    std::size_t position = 0;
    CHECK(next_code_point(text, position) == code_point);
    CHECK(position == text.size());
  }
}

TEST_CASE("sizes and durations") {
  CHECK(parse_size("50MB") == 50'000'000U);
  CHECK(parse_size("50 MiB") == 52'428'800U);
  CHECK(parse_size("7") == 7U);
  CHECK_FALSE(parse_size("MB"));
  CHECK_FALSE(parse_size("5 apples"));
  CHECK(parse_duration_ms("1h30m") == 5'400'000);
  CHECK(parse_duration_ms("90") == 90'000);
  CHECK(parse_duration_ms("500ms") == 500);
  CHECK_FALSE(parse_duration_ms("soon"));
  CHECK(human_size(999) == "999 B");
  CHECK(human_size(1'234'567) == "1.2 MB");
}

TEST_CASE("json_number is short, exact and always real") {
  CHECK(json_number(1) == "1.0");
  CHECK(json_number(0.1) == "0.1");
  CHECK(json_number(1.0 / 3) == "0.3333333333333333");
  CHECK(json_number(0.0 / 0.0) == "null");
}

TEST_CASE("find_invalid_utf8 finds a bad byte wherever it stands") {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = std::string(before, 'a') + "\xFF" + std::string(20, 'b');
    CHECK(find_invalid_utf8(text) == before);
    const std::string good = std::string(before, 'a') + "\xC3\xA9" + std::string(20, 'b');
    CHECK_FALSE(find_invalid_utf8(good));
  }
}

TEST_CASE("to_valid_utf8 replaces ill-formed parts and keeps the rest") {
  CHECK(to_valid_utf8("") == "");
  CHECK(to_valid_utf8("caf\u00E9") == "caf\u00E9");
  CHECK(to_valid_utf8("a\x80z") == "a\uFFFDz");
  CHECK(to_valid_utf8("\xF1\x80\x80\xE1\x80\xC2") == "\uFFFD\uFFFD\uFFFD");  // three starts, each cut off
  CHECK(to_valid_utf8("\xC0\xAF\xE0\x80\xBF") ==
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");  // overlong: no part of it can start
  CHECK(to_valid_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("quote and escape_control leave nothing that a terminal would obey") {
  CHECK(quote("plain") == "\"plain\"");
  CHECK(quote("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quote("a\nb\x1b\x7f") == R"("a\x0ab\x1b\x7f")");
  CHECK(escape_control("say \"a\\b\"\t") == "say \"a\\b\"\\x09");
  CHECK(escape_control("caf\u00E9") == "caf\u00E9");
}

TEST_CASE("a bare number is a duration only alone") {
  CHECK(parse_duration_ms("1.5") == 1'500);
  CHECK_FALSE(parse_duration_ms("1h30"));
  CHECK_FALSE(parse_duration_ms(""));
  CHECK_FALSE(parse_duration_ms("-5s"));
  CHECK_FALSE(parse_duration_ms("1.2.3s"));
}
