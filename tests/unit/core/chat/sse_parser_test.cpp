#include "core/chat/sse_parser.hpp"
#include "support/texts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using lumi::chat::SseParser;
using Events = std::vector<std::string>;

namespace {

Events parse_in_pieces(std::string_view text, std::size_t size) {
  SseParser parser;
  Events events;
  const auto take = [&](std::string_view data) { events.emplace_back(data); };
  for (std::size_t at = 0; at < text.size(); at += size) {
    parser.feed(text.substr(at, size), take);
  }
  parser.finish(take);
  return events;
}

// The events, which must be the same in whichever pieces the text comes.
Events parse(std::string_view text) {
  const auto whole = parse_in_pieces(text, text.size() + 1);
  for (std::size_t size = 1; size < std::min<std::size_t>(text.size(), 12); ++size) {
    CHECK(parse_in_pieces(text, size) == whole);
  }
  return whole;
}

}  // namespace

TEST_CASE("events end in blank lines, whatever ends a line") {
  const std::string text = "data: one\n\ndata: two\nid: 7\nevent: x\n\n\n\n: comment\n\ndata: three\n\n";
  const Events wanted = {"one", "two", "three"};
  CHECK(parse(text) == wanted);
  CHECK(parse(lumi::test::with_line_ends(text, "\r\n")) == wanted);
  CHECK(parse(lumi::test::with_line_ends(text, "\r")) == wanted);
  CHECK(parse("data: a\r\n\ndata: b\n\r\ndata: c\r\r") == Events{"a", "b", "c"});
}

TEST_CASE("data of several lines is joined, one blank after the colon does not count") {
  CHECK(parse("data: a\ndata: b\n\n") == Events{"a\nb"});
  CHECK(parse("data:a\ndata:  b\n\n") == Events{"a\n b"});
  CHECK(parse("data\ndata:\n\n") == Events{"\n"});
  CHECK(parse("data\n\n") == Events{""});
}

TEST_CASE("other fields and comments are passed over") {
  CHECK(parse(": keep-alive\n\nevent: ping\n\nid: 1\nretry: 5\n\ndatax: no\nxdata: no\n data: no\n\n").empty());
  CHECK(parse("").empty());
  CHECK(parse("\n\n\n").empty());
}

TEST_CASE("a byte order mark may stand before all, an event at the end need not be closed") {
  CHECK(parse("\xEF\xBB\xBF"
              "data: a\n\n") == Events{"a"});
  CHECK(parse("data: a\n\ndata: b") == Events{"a", "b"});
  CHECK(parse("data: a\n\ndata: b\n") == Events{"a", "b"});
  CHECK(parse("data: a\n\ndata: b\r") == Events{"a", "b"});
}

TEST_CASE("a character of several bytes survives being cut") {
  CHECK(parse("data: h\xC3\xA9 \xF0\x9F\x98\x80\n\n") == Events{"h\xC3\xA9 \xF0\x9F\x98\x80"});
}
