#include "core/schemas/workflow.hpp"
#include "support/errors.hpp"
#include "support/records.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lumi::schemas;
using lumi::store::JobRecord;

namespace {

std::vector<JobRecord> jobs() {
  auto evaluation = lumi::test::job_record(2);
  evaluation.id = "e";
  evaluation.storage_url = "s3://bucket/prefix";
  evaluation.result_key = "jobs/results/x/e/results.json";
  evaluation.summary_json = R"({"n":2,"metrics":{"rouge":{"rouge1_mean":0.12349999,"rouge2_mean":null},)"
                            R"("token_length":{"pred_token_length_mean":2.5}}})";
  auto inference = lumi::test::job_record(1);
  inference.id = "i";
  inference.type = "inference";
  inference.summary_json = R"({"metrics":{"avg_total_tokens":6.123456,"avg_answer_tokens":null}})";
  return {evaluation, inference};
}

}  // namespace

TEST_CASE("metrics are flattened, and those of an evaluation rounded") {
  CHECK(workflow_metrics_json(jobs()) ==
        R"({"rouge_rouge1_mean":0.123,"token_length_pred_token_length_mean":2.5,"avg_total_tokens":6.123456})");
  CHECK(workflow_metrics_json({}) == "{}");
}

TEST_CASE("rounding is of the number as it is") {
  auto job = jobs().front();
  // 1.0005 is a little less than it looks, 0.0625 a tie of the last digit.
  job.summary_json = R"({"metrics":{"m":{"a":1.0005,"b":0.0625,"c":1e-9,"d":1e300}}})";
  CHECK(workflow_metrics_json({job}) == R"({"m_a":1.0,"m_b":0.062,"m_c":0.0,"m_d":1e+300})");
}

TEST_CASE("parameters are where the results are, and the jobs' ids") {
  CHECK(workflow_parameters_json(jobs()) ==
        R"({"eval_output_s3_path":"s3://bucket/prefix/jobs/results/x/e/results.json","ray_job_id":"i",)"
        R"("inference_ray_job_id":"i"})");
}

TEST_CASE("jobs are shown as tracking does") {
  const auto json = workflow_jobs_json({jobs().back()});
  CHECK(json == R"([{"id":"i","metrics":[{"name":"avg_total_tokens","value":6.123456}],)"
                R"("parameters":[{"name":"ray_job_id","value":"i"}],"metric_url":"","artifact_url":""}])");
}

TEST_CASE("a body's timeout is Lumigator's unless it says otherwise") {
  CHECK(parse_workflow("{}", "b").job_timeout_sec == 3600);
  CHECK(parse_workflow(R"({"job_timeout_sec":5})", "b").job_timeout_sec == 5);
  CHECK(parse_workflow(R"({"config_template":null})", "b").has_config_template == false);
  CHECK(parse_workflow(R"({"config_template":""})", "b").has_config_template);
  CHECK(parse_workflow(R"({"metrics":[]})", "b").metrics.empty());
  CHECK(parse_workflow(R"({"inference_output_field":""})", "b").inference.output_field == "predictions");
  CHECK(lumi::test::code_of([] { parse_workflow(R"({"dataset":"x"})", "b"); }) == lumi::ErrorCode::invalid_input);
}
