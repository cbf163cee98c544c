#include "base/clock.hpp"
#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

using namespace lumi;

namespace {

constexpr const char* k_hostile = "predictions,ground_truth\n"
                                  "</script><script>alert(1)</script>,a | b\n"
                                  "\"::error::x\n<!-- y\",it's <b>\n"
                                  "same,same\n";

struct Reported : test::CliFixture {
  std::string evaluate(const std::string& name, const std::string& text) const {
    const auto result = lumi({"evaluate", file(name, text), "--metric", "rouge"});
    REQUIRE(result.exit == 0);
    const auto jobs = lumi({"job", "list"}).out;
    return jobs.substr(0, jobs.find('\t'));
  }
  std::string html(const std::vector<std::string>& ids) const {
    const auto target = (folder / "report.html").string();
    std::vector<std::string> args{"report", "-o", target};
    args.insert(args.end(), ids.begin(), ids.end());
    REQUIRE(lumi(args).exit == 0);
    return read_file(target);
  }
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE_FIXTURE(Reported, "report: markdown shows means side by side, and is the same every time") {
  const auto one = evaluate("one.csv", k_predictions);
  const auto other =
      evaluate("other.csv", "predictions,ground_truth\na,the red car\nb,the red car drives fast\nc,all of it\n");
  const auto result = lumi({"report", one, other});
  CHECK(result.exit == 0);
  CHECK(result.out.starts_with(
      "## Evaluation\n\n| score | evaluate one.csv | evaluate other.csv |\n| --- | ---: | ---: |\n"));
  CHECK(result.out.find("\n| rouge1 | 0.5238 | 0.0000 |\n") != std::string::npos);
  CHECK(result.out.find("### evaluate other.csv beside evaluate one.csv") != std::string::npos);
  CHECK(lumi({"report", one, other}).out == result.out);
  CHECK(result.out.find(to_rfc3339(SystemClock().now()).substr(0, 8)) == std::string::npos);
  CHECK(lumi({"report", one, "--timestamps"}).out.find("Z\n") != std::string::npos);
}

TEST_CASE_FIXTURE(Reported, "report: what cannot be compared is shown beside, with the reason") {
  const auto one = evaluate("one.csv", k_predictions);
  const auto other = evaluate("other.csv", "predictions,ground_truth\na,b\n");
  const auto result = lumi({"report", one, other});
  CHECK(result.exit == 0);
  CHECK(result.out.find("one has 3 samples, the other 1") != std::string::npos);
  CHECK(result.out.find("beside") == std::string::npos);
}

TEST_CASE_FIXTURE(Reported, "report: html is one page that runs nothing of the data") {
  const auto id = evaluate("bad \"name\" <x>.csv", k_hostile);
  const auto page = html({id});
  CHECK(count(page, "<script") == 2);
  CHECK(count(page, "</script>") == 2);
  CHECK(count(page, "<!--") == 0);
  CHECK(page.find("alert(1)") != std::string::npos);
  CHECK(page.find("&lt;x&gt;.csv") != std::string::npos);
  CHECK(count(page, "http://") + count(page, "https://") == 0);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(html({id}) == page);
}

TEST_CASE_FIXTURE(Reported, "report: the text formats are not led astray by the data either") {
  const auto id = evaluate("a|b`c.csv", k_hostile);
  const auto markdown = lumi({"report", id}).out;
  CHECK(markdown.find("a\\|b\\`c.csv") != std::string::npos);
  const auto xml = lumi({"report", id, "--format", "junit"}).out;
  CHECK(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
  CHECK(xml.find("tests=\"5\" failures=\"0\"") != std::string::npos);
  const auto csv = lumi({"report", id, "--format", "csv"}).out;
  CHECK(csv.starts_with("id,name,row,status,score,value\n" + id + ",evaluate a|b`c.csv,1,ok,rouge1,0.0\n"));
  CHECK(count(csv, "\n") == 1 + 3 * 4);
}

TEST_CASE_FIXTURE(Reported, "report: junit fails where predictions are missing or scores got worse") {
  std::string good = "predictions,ground_truth\n";
  std::string bad = good;
  for (int row = 0; row < 30; ++row) {
    good += "the cat sat,the cat sat\n";
    bad += "a dog,the cat sat\n";
  }
  const auto xml = lumi({"report", evaluate("good.csv", good), evaluate("bad.csv", bad), "--format", "junit"}).out;
  CHECK(xml.find("<testsuite name=\"evaluate good.csv\" tests=\"5\" failures=\"0\"") != std::string::npos);
  CHECK(xml.find("<testsuite name=\"evaluate bad.csv\" tests=\"5\" failures=\"4\"") != std::string::npos);
  CHECK(xml.find("<failure message=\"worse than evaluate good.csv: rouge1: -1.0000") != std::string::npos);
}

TEST_CASE_FIXTURE(Reported, "report: the file's name says the format") {
  const auto id = evaluate("one.csv", k_predictions);
  for (const auto& [name, start] : std::vector<std::pair<std::string, std::string>>{
           {"r.html", "<!doctype html>"}, {"r.md", "## "}, {"r.csv", "id,"}, {"r.xml", "<?xml"}, {"r.txt", "## "}}) {
    const auto target = (folder / name).string();
    const auto result = lumi({"report", id, "-o", target});
    CHECK(result.exit == 0);
    CHECK(result.err == "wrote " + target + "\n");
    CHECK(read_file(target).starts_with(start));
  }
}

TEST_CASE_FIXTURE(Reported, "report: bad input") {
  const auto id = evaluate("one.csv", k_predictions);
  CHECK(lumi({"report"}).exit == 2);
  CHECK(lumi({"report", id, "--format", "htm"}).err.find("html") != std::string::npos);
  CHECK(lumi({"report", id, "--json"}).exit == 2);
  CHECK(lumi({"report", "00000000-0000-4000-8000-000000000000"}).exit == 5);
  CHECK(lumi({"report", file("no.json", "{}")}).exit == 11);
  CHECK(lumi({"report", id, "-o", (folder / "absent" / "r.md").string()}).exit == 5);
}

namespace {

/// Three samples, the first over two lines, the third without prediction though its text looks like a command.
constexpr const char* k_gaps = "predictions,ground_truth,prediction_status\n"
                               "\"two\nlines\",two lines,ok\n"
                               "\n"
                               "fine,fine,ok\n"
                               ",\"::error::x\n##[error]y\",refused\n"
                               ",gone,error\n";

}  // namespace

TEST_CASE_FIXTURE(Reported, "report: sarif has file and line of samples without prediction") {
  lumi({"evaluate", file("in [a](b) {0}.csv", k_gaps), "--metric", "rouge"});
  const auto jobs = lumi({"job", "list"}).out;
  const auto id = jobs.substr(0, jobs.find('\t'));
  const auto sarif = nlohmann::json::parse(lumi({"report", id, "--format", "sarif"}).out);
  CHECK(sarif["version"] == "2.1.0");
  const auto& results = sarif["runs"][0]["results"];
  REQUIRE(results.size() == 2);
  CHECK(results[0]["ruleId"] == "missing-prediction");
  CHECK(results[0]["message"]["text"] == "sample 3 of \"evaluate in \\[a\\](b) {0}.csv\" has no prediction (refused)");
  const auto& place = results[0]["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "in%20%5Ba%5D%28b%29%20%7B0%7D.csv");
  CHECK(place["region"]["startLine"] == 5);
  CHECK(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 7);
  CHECK(results[0]["partialFingerprints"] != results[1]["partialFingerprints"]);
  const auto elsewhere = nlohmann::json::parse(lumi({"report", id, "--format", "sarif", "--path", "data/a.csv"}).out);
  CHECK(elsewhere["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] ==
        "data/a.csv");
}

TEST_CASE_FIXTURE(Reported, "report: github is told of problems, and nothing else starts a line") {
  const auto summary = file("summary.md", "before\n");
  setenv("GITHUB_STEP_SUMMARY", summary.c_str(), 1);
  std::string many = "predictions,ground_truth,prediction_status\nsame,same,ok\n";
  for (int row = 0; row < 25; ++row) {
    many += ",x,error\n";
  }
  lumi({"evaluate", file("a,b:c%d.csv", many), "--metric", "rouge"});
  const auto jobs = lumi({"job", "list"}).out;
  const auto id = jobs.substr(0, jobs.find('\t'));
  const auto out = lumi({"report", id, "--format", "github"}).out;
  unsetenv("GITHUB_STEP_SUMMARY");
  CHECK(
      out.starts_with("::warning file=a%2Cb%3Ac%25d.csv,line=3,title=lumi::sample 2 of \"evaluate a,b:c%25d.csv\" has "
                      "no prediction (error)\n"));
  CHECK(count(out, "\n") == 11);
  CHECK(count("\n" + out, "\n::") == 11);
  CHECK(out.ends_with("::notice title=lumi::15 more; --format sarif has all of them\n"));
  CHECK(read_file(summary).starts_with("before\n## Evaluation\n"));
}

TEST_CASE_FIXTURE(Reported, "report: scores that got worse are errors in sarif and github") {
  std::string good = "predictions,ground_truth\n";
  std::string bad = good;
  for (int row = 0; row < 30; ++row) {
    good += "the cat sat,the cat sat\n";
    bad += "a dog,the cat sat\n";
  }
  const auto one = evaluate("good.csv", good);
  const auto other = evaluate("x\n::error::y.csv", bad);
  const auto out = lumi({"report", one, other, "--format", "github"}).out;
  CHECK(count(out, "\n") == 4);
  CHECK(count(out, "::error file=") == 4);
  CHECK(count("\n" + out, "\n::error file=") == 4);
  const auto sarif = nlohmann::json::parse(lumi({"report", one, other, "--format", "sarif"}).out);
  CHECK(sarif["runs"][0]["results"].size() == 4);
  CHECK(sarif["runs"][0]["results"][0]["level"] == "error");
}

TEST_CASE_FIXTURE(Reported, "report: of a file of results no lines are known") {
  const auto id = evaluate("one.csv", k_predictions);
  const auto results = (folder / "results.json").string();
  REQUIRE(lumi({"job", "download", id, "-o", results}).exit == 0);
  const auto sarif = nlohmann::json::parse(lumi({"report", results, "--format", "sarif"}).out);
  CHECK(sarif["runs"][0]["results"].empty());
}
