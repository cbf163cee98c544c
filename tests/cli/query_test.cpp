#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace lumi;

TEST_CASE("query: lines in a pipe, a table at a terminal, JSON") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const std::string statement = "SELECT row, status, scores ->> 'rouge1' AS rouge1 FROM samples ORDER BY row DESC";
  CHECK(fixture.lumi({"query", statement}).out == "3\tok\t0.0\n2\tok\t0.5714285714285715\n1\tok\t1.0\n");
  CHECK(fixture.lumi({"query", statement + " LIMIT 1", "--header"}).out == "row\tstatus\trouge1\n3\tok\t0.0\n");
  CHECK(fixture.lumi({"query", statement + " LIMIT 0", "--header"}).out == "row\tstatus\trouge1\n");
  const auto table = fixture.lumi_at_terminal({"query", statement}).out;
  CHECK(table.find("status") != std::string::npos);
  CHECK(table.find("3    ok      0.0\n") != std::string::npos);
  CHECK(fixture.lumi({"query", "SELECT id, samples, model FROM jobs", "--json"}).out ==
        "{\"total\":1,\"items\":[{\"id\":\"" + id + "\",\"samples\":3,\"model\":null}]}\n");
  CHECK(fixture.lumi({"query", "SELECT 1 FROM jobs WHERE 0", "--json"}).out == "{\"total\":0,\"items\":[]}\n");
  CHECK(fixture.lumi_at_terminal({"query", "SELECT 1 FROM jobs WHERE 0"}).err == "no rows\n");
}

TEST_CASE("query: many rows are streamed whole") {
  const test::CliFixture fixture;
  const std::string numbers =
      "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 2500) SELECT x, 'é' AS y FROM n";
  const auto json = nlohmann::json::parse(fixture.lumi({"query", numbers, "--json"}).out);
  CHECK(json["total"] == 2500);
  CHECK(json["items"].size() == 2500);
  CHECK(json["items"][2499] == nlohmann::json({{"x", 2500}, {"y", "é"}}));
  const auto lines = fixture.lumi({"query", numbers, "--header"}).out;
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2501);
  CHECK(lines.find("x\ty", 1) == std::string::npos);
}

TEST_CASE("query: every kind of value") {
  const test::CliFixture fixture;
  const std::string values = "SELECT 1 AS a, 2.0 AS b, 'x' || char(9) || char(10) AS c, NULL AS d, x'00ff' AS e, "
                             "CAST(x'61ff' AS TEXT) AS f, 9e999 AS g";
  CHECK(fixture.lumi({"query", values}).out == "1\t2.0\tx\\t\\n\t\t00ff\ta\uFFFD\tnull\n");
  CHECK(nlohmann::json::parse(fixture.lumi({"query", values, "--json"}).out)["items"][0] ==
        nlohmann::json(
            {{"a", 1}, {"b", 2.0}, {"c", "x\t\n"}, {"d", nullptr}, {"e", "00ff"}, {"f", "a\uFFFD"}, {"g", nullptr}}));
  CHECK(fixture.lumi({"query", "SELECT 1 AS a, 2 AS a", "--json"}).exit == 2);
  CHECK(fixture.lumi({"query", "SELECT 1 AS a, 2 AS a"}).out == "1\t2\n");
}

TEST_CASE("query: from standard input, and what is wrong with it") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"query", "-"}, "SELECT 1;\n-- done\n").out == "1\n");
  CHECK(fixture.lumi({"query"}).exit == 2);
  CHECK(fixture.lumi({"query", "SELECT 1", "--schema"}).exit == 2);
  const auto wrong = fixture.lumi({"query", "SELECT\n  nme FROM jobs"});
  CHECK(wrong.exit == 2);
  CHECK(wrong.err == "lumi: error: no such column: nme (line 2, column 3)\nhint: did you mean \"name\"?\n");
  CHECK(fixture.lumi({"query", "DELETE FROM jobs"}).exit == 2);
  CHECK(fixture.lumi({"query", "SELECT * FROM secrets"}).exit == 2);
}

TEST_CASE("query --schema: every column of every table") {
  const test::CliFixture fixture;
  const auto schema = nlohmann::json::parse(fixture.lumi({"query", "--schema", "--json"}).out);
  std::set<std::string> tables;
  for (const auto& item : schema["items"]) {
    tables.insert(item["table"]);
  }
  CHECK(tables ==
        std::set<std::string>{"baselines", "datasets", "experiments", "jobs", "metrics", "samples", "workflows"});
  CHECK(fixture.lumi({"query", "--schema"}).out.starts_with("datasets\tid\tTEXT\tUUID\n"));
  CHECK(fixture.lumi({"query", "--schema"}).out.find('`') == std::string::npos);
}
