#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("dataset create prints the dataset") {
  const test::CliFixture fixture;
  const auto path = fixture.file("data.csv", "examples,ground_truth\n\"a, b\",x\n\"two\nlines\",y\n");
  const auto dataset = nlohmann::json::parse(fixture.lumi({"dataset", "create", path, "--json"}).out);
  CHECK(dataset.size() == 9);
  CHECK(dataset["filename"] == "data.csv");
  CHECK(dataset["format"] == "job");
  CHECK(dataset["size"] == 45);
  CHECK(dataset["ground_truth"] == true);
  CHECK(dataset["run_id"].is_null());
  CHECK(dataset["generated"] == false);
  CHECK(dataset["generated_by"].is_null());
}

TEST_CASE("ground_truth is true only if every row has one") {
  const test::CliFixture fixture;
  const auto of = [&](const std::string& csv) {
    const auto path = fixture.file("g.csv", csv);
    return nlohmann::json::parse(fixture.lumi({"dataset", "create", path, "--json"}).out)["ground_truth"] == true;
  };
  CHECK(of("examples,ground_truth\na,NA\n"));
  CHECK_FALSE(of("examples,ground_truth\na,x\nb, \n"));
  CHECK_FALSE(of("examples\na\n"));
}

TEST_CASE("the other formats, other column names, standard input") {
  const test::CliFixture fixture;
  const auto jsonl = fixture.file("d.jsonl", "{\"article\":\"a\",\"n\":1}\n{\"article\":\"b\",\"n\":2}\n");
  const auto result = fixture.lumi({"dataset", "create", jsonl, "--map", "examples=article"});
  REQUIRE(result.exit == 0);
  const auto id = result.out.substr(0, 36);
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-"}).out == "examples,n\na,1\nb,2\n");
  const auto from_pipe = fixture.lumi({"dataset", "create", "-"}, "examples\nx\n");
  CHECK(from_pipe.out.find("\tstdin.csv\t") != std::string::npos);
}

TEST_CASE("--reuse finds the same content under the same name") {
  const test::CliFixture fixture;
  const auto first = fixture.create_dataset();
  const auto path = (fixture.folder / "data.csv").string();
  CHECK(fixture.lumi({"dataset", "create", path, "--reuse"}).out.substr(0, 36) == first);
  CHECK(fixture.lumi({"dataset", "create", path}).out.substr(0, 36) != first);
  CHECK(fixture.lumi({"dataset", "create", path, "--reuse", "--filename", "other.csv"}).out.substr(0, 36) != first);
}

TEST_CASE("what is refused names file, line and field, and leaves nothing") {
  const test::CliFixture fixture;
  struct Case {
    std::string csv;
    std::string message;
  };
  for (const auto& [csv, message] : std::vector<Case>{{"Examples\na\n", "missing required fields: examples"},
                                                      {"examples\n", "no rows"},
                                                      {"", "empty"},
                                                      {"examples,b\n1,2\n1,2,3\n", "bad.csv:3"},
                                                      {"examples\n\"a\nb\n", "bad.csv:2"},
                                                      {"examples\na\xFF\n", "bad.csv:2:2"},
                                                      {std::string("examples\na\0b\n", 13), "bad.csv:2:2"}}) {
    CAPTURE(message);
    const auto result = fixture.lumi({"dataset", "create", fixture.file("bad.csv", csv)});
    CHECK(result.exit == 11);
    CHECK(result.out.empty());
    CHECK(result.err.find(message) != std::string::npos);
  }
  CHECK(fixture.lumi({"dataset", "list"}).out.empty());
  const auto objects = fixture.folder / "home" / "objects";
  CHECK((!std::filesystem::exists(objects) || std::filesystem::is_empty(objects)));
}

TEST_CASE("dataset.max_size brings Lumigator's limit") {
  const test::CliFixture fixture;
  setenv("LUMI_DATASET_MAX_SIZE", "20B", 1);
  const auto result =
      fixture.lumi({"dataset", "create", fixture.file("big.csv", "examples\n1234567890123\n"), "--json"});
  unsetenv("LUMI_DATASET_MAX_SIZE");
  CHECK(result.exit == 11);
  CHECK(result.err.find("\"code\":\"too_large\"") != std::string::npos);
  CHECK(result.err.find("Dataset upload exceeds the") != std::string::npos);
}

TEST_CASE("a short row is filled, with a warning, as Lumigator does") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"dataset", "create", fixture.file("s.csv", "examples,b\n1\n2,3\n")});
  CHECK(result.exit == 0);
  CHECK(result.err.find("line 2: row 1 has 1 cell, but the header has 2") != std::string::npos);
  CHECK(fixture.lumi({"dataset", "download", result.out.substr(0, 36), "-o", "-"}).out == "examples,b\n1,\n2,3\n");
}
