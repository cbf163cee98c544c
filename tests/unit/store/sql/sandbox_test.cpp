#include "base/error.hpp"
#include "store/sql/sandbox.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace lumi;
using namespace lumi::store::sql;

namespace {

constexpr auto k_columns = std::to_array<Column>({
    {"id", Type::text, "", Lookup::indexed},
    {"number", Type::integer, ""},
    {"unused", Type::real, ""},
});
constexpr TableDescription k_description{"things", "", k_columns};

/// Five things, 'a' to 'e', that fail behind a number if they are told to. Notes how it is asked.
class Things final : public Table {
public:
  explicit Things(std::int64_t fails_at = 9) : fails_at_(fails_at) {}

  const TableDescription& description() const override { return k_description; }

  std::unique_ptr<Cursor> open(const Request& request) override {
    requests.push_back(request);
    return std::make_unique<Rows>(request, fails_at_);
  }

  std::vector<Request> requests;

private:
  class Rows final : public Cursor {
  public:
    Rows(const Request& request, std::int64_t fails_at) : request_(request), fails_at_(fails_at) {}

    bool next() override {
      do {
        ++number_;
        id_ = std::string(1, static_cast<char>('a' + number_ - 1));
        if (number_ == fails_at_) {
          throw Error(ErrorCode::storage, "broken");
        }
      } while (number_ <= 5 && !request_.filters.empty() && request_.filters.front().value != id_);
      return number_ <= 5;
    }

    Cell cell(std::size_t column) override { return column == 0 ? Cell(std::string_view(id_)) : Cell(number_); }

  private:
    Request request_;
    std::int64_t fails_at_;
    std::int64_t number_ = 0;
    std::string id_;
  };

  std::int64_t fails_at_;
};

std::string to_text(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    return std::to_string(*number);
  }
  const auto* text = std::get_if<std::string_view>(&cell);
  return text == nullptr ? "?" : std::string(*text);
}

struct SandboxFixture {
  std::shared_ptr<Things> things = std::make_shared<Things>();
  Sandbox sandbox{{things}};

  /// The rows, `|` between cells and a space between rows.
  std::string ask(const std::string& statement) {
    const auto answer = sandbox.run(statement);
    std::string text;
    while (answer->next()) {
      text += text.empty() ? "" : " ";
      for (std::size_t i = 0; i < answer->columns().size(); ++i) {
        text += (i == 0 ? "" : "|") + to_text(answer->cell(i));
      }
    }
    CHECK_FALSE(answer->next());
    return text;
  }
};

}  // namespace

TEST_CASE("sandbox: a table is asked for the columns and rows that a statement needs") {
  SandboxFixture fixture;
  CHECK(fixture.ask("SELECT id FROM things WHERE number > 3") == "d e");
  CHECK(fixture.things->requests.back().filters.empty());
  CHECK(fixture.things->requests.back().wants(0));
  CHECK(fixture.things->requests.back().wants(1));
  CHECK_FALSE(fixture.things->requests.back().wants(2));

  CHECK(fixture.ask("SELECT number FROM things WHERE id = 'b'") == "2");
  REQUIRE(fixture.things->requests.back().filters.size() == 1);
  CHECK(fixture.things->requests.back().filters[0].value == "b");

  fixture.things->requests.clear();
  CHECK(fixture.ask("SELECT number FROM things WHERE id IN ('b', 'd', 'x')") == "2 4");
  CHECK(fixture.things->requests.size() == 3);
  CHECK(fixture.ask("SELECT b.number FROM things a JOIN things b ON b.id = a.id WHERE a.number = 5") == "5");
}

TEST_CASE("sandbox: what compares otherwise than byte by byte is not left to the table") {
  SandboxFixture fixture;
  CHECK(fixture.ask("SELECT number FROM things WHERE id = 'B' COLLATE NOCASE") == "2");
  CHECK(fixture.things->requests.back().filters.empty());
  CHECK(fixture.ask("SELECT number FROM things WHERE id = 7") == "");
  CHECK(fixture.things->requests.back().filters.empty());
}

TEST_CASE("sandbox: SQL as SQLite has it") {
  SandboxFixture fixture;
  CHECK(fixture.ask("SELECT count(*), max(number) FROM things;  -- and that is all") == "5|5");
  CHECK(fixture.ask("WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n") ==
        "1 2 3");
  CHECK(fixture.ask("WITH some AS (SELECT * FROM things WHERE number < 3) SELECT count(*) FROM some") == "2");
  CHECK(fixture.ask("SELECT value FROM json_each('[4,5]')") == "4 5");
  CHECK(fixture.ask("VALUES (1), ('x')") == "1 x");
  CHECK(fixture.ask("EXPLAIN QUERY PLAN SELECT * FROM things WHERE id = 'a'").find("VIRTUAL TABLE") !=
        std::string::npos);
  CHECK(fixture.sandbox.run("SELECT 1 AS one, id FROM things")->columns() == std::vector<std::string>{"one", "id"});
}

TEST_CASE("sandbox: everything but reading its tables is refused") {
  for (const char* statement : {"DELETE FROM things",
                                "UPDATE things SET number = 1",
                                "INSERT INTO things (id) VALUES ('x')",
                                "CREATE TABLE t (a)",
                                "CREATE TEMP TABLE t (a)",
                                "CREATE TEMP VIEW v AS SELECT 1",
                                "CREATE VIRTUAL TABLE t USING things",
                                "CREATE TEMP TRIGGER g AFTER INSERT ON things BEGIN SELECT 1; END",
                                "DROP TABLE things",
                                "ALTER TABLE things ADD COLUMN x",
                                "ATTACH ':memory:' AS other",
                                "DETACH main",
                                "PRAGMA user_version",
                                "PRAGMA writable_schema = ON",
                                "SELECT * FROM pragma_database_list",
                                "SELECT * FROM sqlite_master",
                                "SELECT count(sql) FROM sqlite_master",
                                "SELECT * FROM sqlite_temp_schema",
                                "SELECT * FROM dbstat",
                                "SELECT * FROM secrets",
                                "WITH things AS (SELECT * FROM main.secrets) SELECT * FROM things",
                                "SELECT load_extension('x')",
                                "SELECT fts3_tokenizer('simple')",
                                "SELECT readfile('/etc/passwd')",
                                "BEGIN",
                                "COMMIT",
                                "SAVEPOINT s",
                                "VACUUM",
                                "VACUUM INTO '/tmp/never'",
                                "REINDEX",
                                "ANALYZE",
                                "EXPLAIN DELETE FROM things",
                                "SELECT 1; DELETE FROM things",
                                "SELECT 1; SELECT 2",
                                "",
                                " ; ",
                                "-- nothing"}) {
    CAPTURE(statement);
    SandboxFixture fixture;
    CHECK(test::code_of([&] { fixture.ask(statement); }) == ErrorCode::usage);
    CHECK(fixture.ask("SELECT count(*) FROM things") == "5");
  }
}

TEST_CASE("sandbox: an error says where, and what was meant") {
  SandboxFixture fixture;
  const auto error = [&](const std::string& statement) {
    return test::error_of([&] { fixture.ask(statement); }).value();
  };
  CHECK(error("SELECT id\nFROM things WHER number = 1").what() ==
        std::string("near \"number\": syntax error (line 2, column 18)"));
  CHECK(error("SELECT 'é', numer FROM things").what() == std::string("no such column: numer (line 1, column 13)"));
  CHECK(error("SELECT numer FROM things").hint() == "did you mean \"number\"?");
  CHECK(error("SELECT 1 FROM thing").hint() == "did you mean \"things\"?");
  CHECK(error("SELECT 1; SELECT nope").what() == std::string("no such column: nope (line 1, column 18)"));
  CHECK(error("SELECT \"a text\"").what() == std::string("no such column: a text (line 1, column 8)"));
  CHECK(error("SELECT json('{')").code() == ErrorCode::usage);
  CHECK(error("SELECT zeroblob(100000000)").code() == ErrorCode::usage);
  CHECK(error(std::string("SELECT 1\0", 9)).what() == std::string("the statement has a NUL in it (line 1, column 9)"));
  CHECK(error("SELECT '" + std::string(2'000'000, 'x') + "'").code() == ErrorCode::usage);
}

TEST_CASE("sandbox: what a table throws arrives, and the sandbox goes on") {
  Sandbox sandbox{{std::make_shared<Things>(3)}};
  const auto answer = sandbox.run("SELECT id FROM things");
  CHECK(answer->next());
  CHECK(answer->next());
  const auto error = test::error_of([&] { answer->next(); }).value();
  CHECK(error.code() == ErrorCode::storage);
  CHECK(std::string(error.what()) == "broken");
  CHECK(sandbox.run("SELECT id FROM things LIMIT 1")->next());
}
