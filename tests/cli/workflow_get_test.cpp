#include "support/cli_workflows.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE_FIXTURE(test::WorkflowFixture, "workflow get has Lumigator's fields, and its own beside them") {
  const auto id = add("failed", "stopped", 130);
  const auto shown = json({"workflow", "get", id});
  for (const char* field : {"id",
                            "experiment_id",
                            "model",
                            "name",
                            "description",
                            "system_prompt",
                            "status",
                            "created_at",
                            "updated_at",
                            "jobs",
                            "metrics",
                            "parameters",
                            "artifacts_download_url"}) {
    CAPTURE(field);
    CHECK(shown.contains(field));
  }
  CHECK(shown["lumi"]["reason"] == "stopped");
  CHECK(shown["updated_at"].is_null());
  CHECK(lumi({"workflow", "get", test::k_unknown_id}).exit == 5);
}

TEST_CASE_FIXTURE(test::WorkflowFixture, "a workflow that lost its process has failed") {
  const auto id = add("running");
  const auto shown = json({"workflow", "get", id});
  CHECK(shown["status"] == "failed");
  CHECK(shown["lumi"]["reason"] == "interrupted");
}
