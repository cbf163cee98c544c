#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment create takes Lumigator's body and answers in its shape") {
  const auto body = file("body.json",
                         R"({"name": "letters", "description": "d", "dataset": ")" + dataset +
                             R"(", "max_samples": 5, "task_definition": {"task": "translation",
                                 "source_language": "en", "target_language": "no"}})");
  const auto made = json({"experiment", "create", "-f", body});
  CHECK(made["name"] == "letters");
  CHECK(made["description"] == "d");
  CHECK(made["dataset"] == dataset);
  CHECK(made["max_samples"] == 5);
  CHECK(made["task_definition"] == Json{{"task", "translation"}, {"source_language", "en"}, {"target_language", "no"}});
  CHECK(made["workflows"] == Json::array());
  CHECK(made["id"].get<std::string>().size() == 32);
  CHECK(made.size() == 9);
  CHECK(json({"experiment", "create", "-f", body, "--name", "other", "--max-samples", "2"})["max_samples"] == 2);
}

TEST_CASE_FIXTURE(test::WorkflowFixture,
                  "a name that is taken gets the time behind it, also that of a deleted experiment") {
  const auto again = json({"experiment", "create", "--name", "e", "--dataset", dataset})["name"].get<std::string>();
  CHECK(again.starts_with("e_20"));
  CHECK(again.size() == 22);
  CHECK(lumi({"experiment", "delete", experiment, "--yes"}).exit == 0);
  CHECK(json({"experiment", "create", "--name", "e", "--dataset", dataset})["name"] != "e");
}

TEST_CASE_FIXTURE(test::WorkflowFixture, "experiment create says what is wrong before anything is kept") {
  const auto body_exit = [&](const std::string& text) {
    return lumi({"experiment", "create", "-f", file("body.json", text)}).exit;
  };
  CHECK(body_exit(R"({"name": "x"})") == 11);
  CHECK(body_exit(R"({"dataset": ")" + dataset + R"("})") == 11);
  CHECK(body_exit(R"({"name": "x", "dataset": ")" + dataset + R"(", "task": "summarization"})") == 11);
  CHECK(body_exit(R"({"name": "x", "dataset": ")" + dataset + R"(", "task_definition": {"task": "Translation"}})") ==
        11);
  CHECK(body_exit(R"({"name": "x", "dataset": ")" + dataset + R"(", "task_definition": {"task": "translation"}})") ==
        11);
  CHECK(body_exit(R"({"name": "x", "dataset": "00000000-0000-4000-8000-000000000000"})") == 5);
  CHECK(lumi({"experiment", "create", "--name", "x"}).exit == 2);
  CHECK(lumi({"experiment", "create", "--dataset", dataset}).exit == 2);
  CHECK(lumi({"experiment", "create", "--name", "x", "--dataset", (folder / "no.csv").string()}).exit == 5);
  CHECK(json({"experiment", "list"})["total"] == 1);
}
