#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace lumi;
using Json = nlohmann::json;

namespace {

struct ModelListFixture : test::CliFixture {
  ModelListFixture() {
    for (const char* name : {"OPENAI_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY"}) {
      unsetenv(name);
    }
  }

  Json list(std::vector<std::string> more = {}) const {
    std::vector<std::string> args{"model", "list", "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return Json::parse(lumi(args).out);
  }
};

Json find(const Json& listing, const std::string& model) {
  const auto& items = listing["items"];
  const auto found = std::find_if(items.begin(), items.end(), [&](const Json& item) { return item["model"] == model; });
  REQUIRE(found != items.end());
  return *found;
}

}  // namespace

TEST_CASE_FIXTURE(ModelListFixture, "model list leaves out what has no value") {
  const auto all = list();
  CHECK(all["total"] == 14);
  const auto bart = find(all, "facebook/bart-large-cnn");
  CHECK(bart["info"]["parameter_count"] == "406M");
  CHECK(bart["tasks"][0]["summarization"]["max_length"] == 142);
  CHECK_FALSE(bart.contains("base_url"));
  CHECK(bart["runnable"] == false);
  CHECK(find(all, "facebook/m2m100_418M")["tasks"] == Json::parse(R"([{"translation":{}}])"));
  CHECK(find(all, "mistralai/Mistral-7B-Instruct-v0.2")["base_url"] == "http://localhost:8080/v1");
  CHECK(bart["requirements"] == Json::array());
  CHECK(find(all, "gpt-4o")["requirements"] == Json::array({"api_key"}));
}

TEST_CASE_FIXTURE(ModelListFixture, "model list knows the tasks") {
  CHECK(list({"--task", "summarization"})["total"] == 8);
  CHECK(list({"--task", "translation"})["total"] == 12);
  CHECK(list({"--task", "summarization,translation"})["total"] == 14);
  for (const char* task : {"cooking", "text-generation"}) {
    CAPTURE(task);
    const auto result = lumi({"model", "list", "--task", task});
    CHECK(result.exit == 2);
    CHECK(result.err.find("translation") != std::string::npos);
  }
  CHECK(lumi({"model", "list", "--task", ""}).exit == 2);
}

TEST_CASE_FIXTURE(ModelListFixture, "a model can be asked once there is a key") {
  CHECK(find(list(), "gpt-4o")["reason"].get<std::string>().find("OPENAI_API_KEY") != std::string::npos);
  CHECK(list({"--runnable"})["total"] == 1);
  setenv("OPENAI_API_KEY", "sk-test", 1);
  CHECK(list({"--runnable"})["total"] == 3);
  CHECK_FALSE(find(list(), "gpt-4o").contains("reason"));
  unsetenv("OPENAI_API_KEY");
  CHECK(lumi({"secret", "set", "Mistral_API_Key"}, "sk-test\n").exit == 0);
  CHECK(find(list(), "ministral-8b-latest")["runnable"] == true);
}

TEST_CASE_FIXTURE(ModelListFixture, "models of the user are listed behind, or instead of, the others") {
  file("models.json", R"([{"model": "mine", "provider": "hosted_vllm", "base_url": "http://127.0.0.1:1/v1",
                           "tasks": [{"translation": null}]},
                          {"model": "gpt-4o", "provider": "openai", "display_name": "other", "tasks": []}])");
  const auto all = list();
  CHECK(all["total"] == 15);
  CHECK(find(all, "mine")["display_name"] == "mine");
  CHECK(find(all, "gpt-4o")["display_name"] == "other");
  file("models.json", R"([{"model": "mine"}])");
  CHECK(lumi({"model", "list"}).exit == 11);
}
