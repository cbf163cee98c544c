#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

using namespace lumi;

namespace {

/// What `write` puts out.
template <class Write>
std::string written(Write write, JsonStyle style = JsonStyle::compact()) {
  TextSink sink;
  JsonWriter json(sink, style);
  write(json);
  return sink.text();
}

std::string string_value(std::string_view text) {
  return written([&](JsonWriter& json) { json.value(text); });
}

void write_sample(JsonWriter& json) {
  json.begin_object();
  json.member("name", "a");
  json.key("list");
  json.begin_array();
  json.value(1);
  json.begin_object();
  json.end_object();
  json.begin_array();
  json.end_array();
  json.begin_array();
  json.value(2);
  json.end_array();
  json.end_array();
  json.member("last", nullptr);
  json.end_object();
}

/// A sink that remembers the size of each write.
class CountingSink final : public ByteSink {
public:
  void write(std::string_view bytes) override { sizes.push_back(bytes.size()); }
  std::vector<std::size_t> sizes;
};

}  // namespace

TEST_CASE("JsonWriter writes compact documents without white space") {
  CHECK(written(write_sample) == R"({"name":"a","list":[1,{},[],[2]],"last":null})");
}

TEST_CASE("JsonWriter indents members and elements, empty ones stay on their line") {
  CHECK(written(write_sample, JsonStyle::indented(2)) == R"({
  "name": "a",
  "list": [
    1,
    {},
    [],
    [
      2
    ]
  ],
  "last": null
})");
}

TEST_CASE("JsonWriter writes every kind of value") {
  const auto all = written([](JsonWriter& json) {
    json.begin_array();
    json.value("text");
    json.value(std::string("own"));
    json.value(std::string_view("view"));
    json.value(true);
    json.value(false);
    json.value(nullptr);
    json.value(-7);
    json.value(7U);
    json.value(std::numeric_limits<std::int64_t>::min());
    json.value(std::numeric_limits<std::uint64_t>::max());
    json.value(std::size_t{12});
    json.value(0.1);
    json.value(3.0);
    json.value(1e300);
    json.value(std::numeric_limits<double>::quiet_NaN());
    json.value(-std::numeric_limits<double>::infinity());
    json.value(std::optional<double>());
    json.value(std::optional<std::string>("x"));
    json.raw(R"({"as":"is"})");
    json.end_array();
  });
  CHECK(all == R"(["text","own","view",true,false,null,-7,7,-9223372036854775808,18446744073709551615,12,0.1,3.0,)"
               R"(1e+300,null,null,null,"x",{"as":"is"}])");
}

TEST_CASE("JsonWriter escapes what JSON asks for and nothing else") {
  CHECK(string_value("") == R"("")");
  CHECK(string_value("say \"hi\" \\ /") == R"("say \"hi\" \\ /")");
  CHECK(string_value("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(string_value(std::string_view("\0\x01\x1f\x7f", 4)) == "\"\\u0000\\u0001\\u001f\x7f\"");
  CHECK(string_value("caf\u00E9 \u2028\u2029 \U0001F600") == "\"caf\u00E9 \u2028\u2029 \U0001F600\"");
}

TEST_CASE("JsonWriter puts one replacement character for each ill-formed part") {
  CHECK(string_value("caf\xE9!") == "\"caf\uFFFD!\"");
  CHECK(string_value("\xFF\xFE") == "\"\uFFFD\uFFFD\"");
  CHECK(string_value("\"\xC3\"") == "\"\\\"\uFFFD\\\"\"");
  CHECK(string_value("\xE2\x82") == "\"\uFFFD\"");
  CHECK(string_value("\xF0\x9F\x98 \xED\xA0\x80") == "\"\uFFFD \uFFFD\uFFFD\uFFFD\"");
}

TEST_CASE("JsonWriter escapes keys") {
  const auto text = written([](JsonWriter& json) {
    json.begin_object();
    json.member("a\"\n\xFF", 1);
    json.end_object();
  });
  CHECK(text == "{\"a\\\"\\n\uFFFD\":1}");
}

TEST_CASE("JsonWriter escapes each byte in such a way that its position does not matter") {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string alone(1, static_cast<char>(byte));
    const auto escaped = string_value(alone).substr(1);
    for (const std::size_t before : {0U, 1U, 15U, 16U, 17U, 40U}) {
      const std::string plain(before, '.');
      CHECK(string_value(plain + alone + plain) == '"' + plain + escaped.substr(0, escaped.size() - 1) + plain + '"');
    }
  }
}

TEST_CASE("JsonWriter passes long documents on in blocks and the rest when the value ends") {
  CountingSink sink;
  JsonWriter json(sink);
  const std::string text(1000, 'x');
  json.begin_array();
  for (int i = 0; i < 200; ++i) {
    json.value(text);
  }
  CHECK(sink.sizes.size() == 3);
  json.end_array();
  CHECK(sink.sizes.size() == 4);
  std::size_t total = 0;
  for (const auto size : sink.sizes) {
    CHECK(size <= 68 * 1024);
    total += size;
  }
  CHECK(total == 200 * 1003 + 1);
}

TEST_CASE("JsonWriter takes one value after the other") {
  TextSink sink;
  JsonWriter json(sink);
  for (int i = 0; i < 2; ++i) {
    json.begin_object();
    json.member("i", i);
    json.end_object();
    sink.write("\n");
  }
  json.value("end");
  CHECK(sink.text() == "{\"i\":0}\n{\"i\":1}\n\"end\"");
}
