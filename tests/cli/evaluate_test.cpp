#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("evaluate scores, stores and answers") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", test::CliFixture::k_predictions);
  const auto result = fixture.lumi({"evaluate", path, "--metric", "rouge", "--json"});
  REQUIRE(result.exit == 0);
  const auto answer = nlohmann::json::parse(result.out);
  CHECK(answer["n"] == 3);
  CHECK(answer["coverage"] == 1.0);
  // F of 1, of 2 hits in 2 and 5 words, and of none.
  CHECK(answer["metrics"]["rouge"]["rouge1_mean"].get<double>() ==
        doctest::Approx((1.0 + 4.0 / 7.0 + 0.0) / 3).epsilon(1e-12));
  CHECK(answer["signatures"]["rouge"].get<std::string>().starts_with("rouge|"));
  const auto job = nlohmann::json::parse(fixture.lumi({"job", "get", answer["job_id"], "--json"}).out);
  CHECK(job["status"] == "succeeded");
  CHECK(job["config"]["dataset"]["id"] == answer["dataset_id"]);
  CHECK(result.err.starts_with("{\"log\":{\"job_id\":\"" + answer["job_id"].get<std::string>() + "\"}}\n"));
}

TEST_CASE("evaluate --no-save opens no database and gives the same scores") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", test::CliFixture::k_predictions);
  const auto unsaved = fixture.lumi({"evaluate", path, "--metric", "rouge,bleu", "--no-save"});
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home"));
  CHECK(unsaved.out == fixture.lumi({"evaluate", path, "--metric", "rouge,bleu"}).out);
  CHECK(unsaved.out.starts_with("rouge1\t0.5238095238095238\t3\n"));
  CHECK(
      nlohmann::json::parse(fixture.lumi({"evaluate", path, "--metric", "rouge", "--no-save", "--json"}).out)["job_id"]
          .is_null());
}

TEST_CASE("evaluate registers a file once") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", test::CliFixture::k_predictions);
  fixture.lumi({"evaluate", path, "--metric", "rouge"});
  fixture.lumi({"evaluate", path, "--metric", "bleu"});
  CHECK(nlohmann::json::parse(fixture.lumi({"dataset", "list", "--json"}).out)["total"] == 1);
  CHECK(nlohmann::json::parse(fixture.lumi({"job", "list", "--json"}).out)["total"] == 2);
}

TEST_CASE("evaluate --require is a gate, checked before any work") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", test::CliFixture::k_predictions);
  CHECK(fixture.lumi({"evaluate", path, "--metric", "rouge", "--require", "rouge1 >= 0.5"}).exit == 0);
  const auto failed = fixture.lumi({"evaluate", path, "--metric", "rouge", "--require", "rouge.rouge1_mean > 0.9"});
  CHECK(failed.exit == 9);
  CHECK(failed.err.find("0.5238") != std::string::npos);
  const auto jobs_before = fixture.lumi({"job", "list"}).out;
  const auto unknown = fixture.lumi({"evaluate", path, "--metric", "rouge", "--require", "rogue1 >= 0.5"});
  CHECK(unknown.exit == 2);
  CHECK(unknown.err.find("rouge1") != std::string::npos);
  CHECK(fixture.lumi({"evaluate", path, "--metric", "bleu", "--require", "rouge1 >= 0.5"}).exit == 2);
  CHECK(fixture.lumi({"job", "list"}).out == jobs_before);
}

TEST_CASE("evaluate writes results.json and a line per sample") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", test::CliFixture::k_predictions);
  const auto results = (fixture.folder / "results.json").string();
  const auto lines = (fixture.folder / "samples.jsonl").string();
  const auto csv = (fixture.folder / "samples.csv").string();
  CHECK(fixture.lumi({"evaluate", path, "--metric", "rouge", "--results", results, "--per-sample", lines}).exit == 0);
  CHECK(fixture.lumi({"evaluate", path, "--metric", "rouge", "--no-save", "--per-sample", csv}).exit == 0);
  const auto written = nlohmann::json::parse(read_file(results));
  CHECK(written["metrics"].size() == 9);
  CHECK(written["metrics"]["bleu"].is_null());
  CHECK(written["metrics"]["rouge"]["rouge1"].size() == 3);
  CHECK(written["artifacts"]["predictions"][0] == "the red car");
  CHECK(written["lumi"]["coverage"] == 1.0);
  CHECK(nlohmann::json::parse(read_file(lines).substr(0, read_file(lines).find('\n')))["rouge1"] == 1.0);
  CHECK(read_file(csv).starts_with("row,status,prediction,ground_truth,rouge1"));
  CHECK(fixture.lumi({"evaluate", path, "--metric", "rouge", "--per-sample", "x.xml"}).exit == 2);
}

TEST_CASE("evaluate names what is missing") {
  const test::CliFixture fixture;
  const auto blank = fixture.file("b.csv", "predictions,ground_truth\na,b\nc, \n");
  const auto refused = fixture.lumi({"evaluate", blank, "--metric", "rouge"});
  CHECK(refused.exit == 11);
  CHECK(refused.err.find("2") != std::string::npos);
  CHECK(fixture.lumi({"evaluate", blank, "--metric", "rouge", "--missing-references", "skip"}).out.find("\t1\n") !=
        std::string::npos);
  const auto column = fixture.lumi({"evaluate", blank, "--metric", "rouge", "--predictions-field", "prediction"});
  CHECK(column.exit == 11);
  CHECK(column.err.find("predictions") != std::string::npos);
  const auto metric = fixture.lumi({"evaluate", blank, "--metric", "rogue"});
  CHECK(metric.exit == 2);
  CHECK(metric.err.find("did you mean \"rouge\"?") != std::string::npos);
  CHECK(fixture.lumi({"evaluate", (fixture.folder / "none.csv").string()}).exit == 5);
  CHECK(fixture.lumi({"evaluate", fixture.folder.path().string()}).exit == 11);
}

TEST_CASE("evaluate on a terminal shows means, histograms and the worst samples") {
  const test::CliFixture fixture;
  const auto path = fixture.file("p.csv", std::string(test::CliFixture::k_predictions) + "x,x\n");
  const auto result = fixture.lumi_at_terminal({"evaluate", path, "--metric", "rouge", "--color", "never"});
  CHECK(result.out.find("4 samples, coverage 100.0%") != std::string::npos);
  CHECK(result.out.find("SCORE") != std::string::npos);
  CHECK(result.out.find("worst by rougeLsum") != std::string::npos);
  CHECK(result.out.find("[-all of it-] {+nothing+}") != std::string::npos);
}

TEST_CASE("the number of threads changes nothing") {
  const test::CliFixture fixture;
  std::string csv = "predictions,ground_truth\n";
  for (int i = 0; i < 500; ++i) {
    csv += "word" + std::to_string(i % 7) + " the same,the same word" + std::to_string(i % 5) + "\n";
  }
  const auto path = fixture.file("p.csv", csv);
  const auto one = fixture.lumi({"evaluate", path, "--metric", "rouge,bleu", "--no-save", "--threads", "1"}).out;
  for (const auto* threads : {"2", "3", "8"}) {
    CHECK(fixture.lumi({"evaluate", path, "--metric", "rouge,bleu", "--no-save", "--threads", threads}).out == one);
  }
  CHECK(fixture.lumi({"evaluate", path, "--threads", "0"}).exit == 2);
}
