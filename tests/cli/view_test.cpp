#include "cli/io/view.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace lumi;
using namespace lumi::cli;

namespace {

struct Item {
  std::string name;
  std::optional<std::string> note;
  std::uint64_t size;
  Timestamp time;
};

constexpr std::array<Field<Item>, 4> k_fields{{
    {"name", "NAME", Show::column, [](const Item& item) { return Value(item.name); }},
    {"size", "SIZE", Show::column, [](const Item& item) { return Value(Bytes{item.size}); }},
    {"time", "CREATED", Show::column, [](const Item& item) { return Value(item.time); }},
    {"note", "NOTE", Show::detail, [](const Item& item) { return value_or_null(item.note); }},
}};

const std::vector<Item> k_items{{"a\tb", std::nullopt, 1'200'000, {1'700'000'000'000'000}},
                                {"second", "x", 5, {1'700'000'050'000'000}}};

ViewSettings settings(std::optional<std::vector<std::string>> json = std::nullopt) {
  return {std::move(json), HeaderLine::no, {1'700'000'180'000'000}};
}

}  // namespace

TEST_CASE("a listing in a pipe has escaped, tab-separated, full values") {
  const auto streams = Streams::captured(Terminal::no);
  show_listing(*streams, settings(), grid_of(k_fields, k_items), 2, "none");
  CHECK(streams->out_text() == "a\\tb\t1200000\t2023-11-14T22:13:20Z\nsecond\t5\t2023-11-14T22:14:10Z\n");
}

TEST_CASE("--header adds the column names") {
  const auto streams = Streams::captured(Terminal::no);
  auto with_header = settings();
  with_header.header = HeaderLine::yes;
  show_listing(*streams, with_header, grid_of(k_fields, std::vector<Item>{}), 0, "none");
  CHECK(streams->out_text() == "name\tsize\ttime\n");
}

TEST_CASE("a listing on a terminal is aligned and human") {
  const auto streams = Streams::captured(Terminal::yes);
  streams->configure({.color = ColorMode::never});
  show_listing(*streams, settings(), grid_of(k_fields, k_items), 7, "none");
  CHECK(streams->out_text() == "NAME    SIZE    CREATED\n"
                               "a\\tb    1.2 MB  3 minutes ago\n"
                               "second  5 B     2 minutes ago\n");
  CHECK(streams->err_text() == "showing 2 of 7\n");
}

TEST_CASE("nothing found is said on a terminal only") {
  const auto terminal = Streams::captured(Terminal::yes);
  show_listing(*terminal, settings(), grid_of(k_fields, std::vector<Item>{}), 0, "no items");
  CHECK(terminal->out_text().empty());
  CHECK(terminal->err_text() == "no items\n");
  const auto pipe = Streams::captured(Terminal::no);
  show_listing(*pipe, settings(), grid_of(k_fields, std::vector<Item>{}), 0, "no items");
  CHECK(pipe->out_text().empty());
  CHECK(pipe->err_text().empty());
}

TEST_CASE("JSON has every field, null included, or those asked for in that order") {
  const auto all = Streams::captured(Terminal::no);
  show_listing(*all, settings(std::vector<std::string>{}), grid_of(k_fields, k_items), 2, "none");
  CHECK(all->out_text() ==
        R"({"total":2,"items":[{"name":"a\tb","size":1200000,"time":"2023-11-14T22:13:20Z","note":null},)"
        R"({"name":"second","size":5,"time":"2023-11-14T22:14:10Z","note":"x"}]})"
        "\n");
  const auto some = Streams::captured(Terminal::no);
  show_item(*some, settings(std::vector<std::string>{"note", "name"}), grid_of(k_fields, std::vector{k_items[1]}));
  CHECK(some->out_text() == "{\"note\":\"x\",\"name\":\"second\"}\n");
}

TEST_CASE("the last column is cut to the width of the terminal") {
  CHECK(aligned_table({{"A", "B"}, {"1", "a very long text"}}, 14) == "A  B\n1  a very lon…\n");
}
