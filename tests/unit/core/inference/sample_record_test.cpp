#include "core/inference/sample_record.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using inference::SampleRecord;

TEST_CASE("a record is read as it was written") {
  SampleRecord record;
  record.sample = 3;
  record.row = 17;
  record.status = evaluation::SampleStatus::truncated;
  record.prediction = "quotes \" and\nlines";
  record.reasoning = "because";
  record.usage = chat::Usage{10, 20, 30, 5, std::nullopt, true};
  record.finish_reason = "length";
  record.model = "tiny";
  record.system_fingerprint = "fp";
  record.request_id = "req_1";
  record.requests = 2;
  record.latency_us = 1234;
  const auto json = inference::to_json(record);
  CHECK(json.find('\n') == std::string::npos);
  const auto read = inference::parse_sample_record(json);
  CHECK(inference::to_json(read) == json);
  CHECK(read.usage == record.usage);
  CHECK(read.prediction == record.prediction);
}

TEST_CASE("a text with a NUL is read, too") {
  SampleRecord record;
  record.prediction = std::string("a\0\u00e9\"", 5);
  record.usage = chat::Usage{1, 2, 3, {}, 4, false};
  const auto read = inference::parse_sample_record(inference::to_json(record));
  CHECK(read.prediction == record.prediction);
  CHECK(read.usage == record.usage);
}

TEST_CASE("an answer without words and no answer are two things") {
  SampleRecord empty;
  empty.status = evaluation::SampleStatus::empty;
  empty.prediction = "";
  CHECK(inference::parse_sample_record(inference::to_json(empty)).prediction == "");
  SampleRecord failed;
  failed.status = evaluation::SampleStatus::error;
  failed.error = "HTTP 500";
  const auto read = inference::parse_sample_record(inference::to_json(failed));
  CHECK_FALSE(read.prediction);
  CHECK(read.error == "HTTP 500");
}

TEST_CASE("what is no record is damage") {
  for (const char* text : {"", "[]", "{}", R"({"sample":0,"row":1,"status":"fine"})", R"({"sample":"x","row":1})"}) {
    CHECK(test::code_of([&] { inference::parse_sample_record(text); }) == ErrorCode::storage);
  }
}
