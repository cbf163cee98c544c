#include "store/files/s3/s3_location.hpp"
#include "support/aws_home.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::store;

namespace {

std::string message_for(const std::string& url, const test::AwsHome& home) {
  return std::string(test::error_of([&] { parse_s3_location(url, home.settings()); }).value().what());
}

}  // namespace

TEST_CASE("a storage URL has a bucket and a prefix without slashes around it") {
  const test::AwsHome home;
  const auto location = parse_s3_location("s3://my-bucket//a/b c/", home.settings());
  CHECK(location.bucket == "my-bucket");
  CHECK(location.prefix == "a/b c");
  CHECK(location.url() == "s3://my-bucket/a/b c");
  CHECK(location.full_key("x/y") == "a/b c/x/y");
  CHECK(parse_s3_location("s3://b", home.settings()).url() == "s3://b");
  CHECK(parse_s3_location("s3://b/", home.settings()).full_key("x") == "x");
}

TEST_CASE("what names no bucket is a usage error; S3_BUCKET fills in") {
  test::AwsHome home;
  for (const char* url : {"s3://", "s3:///p", "s3://a b/p", "s3://-x", "s3://a?b", "s3:bucket", "file:", "s3://u@h"}) {
    CAPTURE(url);
    CHECK(test::code_of([&] { parse_s3_location(url, home.settings()); }) == ErrorCode::usage);
  }
  CHECK(message_for("s3://", home) == "\"s3://\" names no bucket");
  CHECK(test::code_of([&] { parse_s3_location("s3://b/a/../c", home.settings()); }) == ErrorCode::invalid_input);
  home.set("S3_BUCKET", "theirs");
  CHECK(parse_s3_location("s3:///p", home.settings()).url() == "s3://theirs/p");
  CHECK(parse_s3_location("s3://ours/p", home.settings()).bucket == "ours");
}

TEST_CASE("without an endpoint it is AWS's in the region, the bucket in the host's name") {
  test::AwsHome home;
  const auto usual = parse_s3_location("s3://bkt/p", home.settings());
  CHECK(usual.region == "us-east-1");
  CHECK(usual.region_origin == "default");
  CHECK(usual.endpoint.origin == "AWS");
  CHECK(usual.addressing == Addressing::virtual_host);
  CHECK(usual.bucket_url() == "https://bkt.s3.us-east-1.amazonaws.com/");
  CHECK(usual.object_url("x") == "https://bkt.s3.us-east-1.amazonaws.com/p/x");

  home.set("AWS_REGION", "cn-north-1");
  CHECK(parse_s3_location("s3://bkt", home.settings()).bucket_url() == "https://bkt.s3.cn-north-1.amazonaws.com.cn/");
  home.set("AWS_REGION", "aws-global");
  CHECK(parse_s3_location("s3://bkt", home.settings()).endpoint.host == "s3.us-east-1.amazonaws.com");

  // No certificate covers dots, and no host's name has these.
  for (const char* bucket : {"a.b", "Upper", "a_b", "ab", "end-"}) {
    CAPTURE(bucket);
    CHECK(parse_s3_location("s3://" + std::string(bucket), home.settings()).bucket_url() ==
          "https://s3.us-east-1.amazonaws.com/" + std::string(bucket) + "/");
  }
}

TEST_CASE("the region is the first of AWS_REGION, AWS_DEFAULT_REGION, the profile's and the endpoint's") {
  test::AwsHome home;
  home.set("AWS_ENDPOINT_URL", "https://s3.eu-north-1.amazonaws.com");
  const auto by_endpoint = parse_s3_location("s3://bkt", home.settings());
  CHECK(by_endpoint.region == "eu-north-1");
  CHECK(by_endpoint.region_origin == "environment AWS_ENDPOINT_URL");
  CHECK(by_endpoint.bucket_url() == "https://bkt.s3.eu-north-1.amazonaws.com/");
  home.write_config("[profile p]\nregion = r-profile\n");
  home.set("AWS_PROFILE", "p");
  CHECK(parse_s3_location("s3://bkt", home.settings()).region == "r-profile");
  CHECK(parse_s3_location("s3://bkt", home.settings()).region_origin == "profile \"p\"");
  home.set("AWS_DEFAULT_REGION", "r-default");
  CHECK(parse_s3_location("s3://bkt", home.settings()).region == "r-default");
  home.set("AWS_REGION", "r-first");
  CHECK(parse_s3_location("s3://bkt", home.settings()).region == "r-first");
  CHECK(parse_s3_location("s3://bkt", home.settings()).region_origin == "environment AWS_REGION");
}

TEST_CASE("the endpoint is the first in botocore's order, the bucket in its path") {
  test::AwsHome home;
  const auto endpoint = [&] { return parse_s3_location("s3://bkt/p", home.settings()).endpoint; };
  home.write_config(
      "[profile p]\nendpoint_url = http://general\nservices = s\n[services s]\ns3 =\n  endpoint_url = http://special\n"
      "[profile q]\nendpoint_url = http://general\nservices = none\n");
  home.set("AWS_PROFILE", "q");
  CHECK(endpoint().url() == "http://general");
  home.set("AWS_PROFILE", "p");
  CHECK(endpoint().url() == "http://special");
  CHECK(endpoint().origin == "profile \"p\"");
  home.set("S3_ENDPOINT_URL", "http://theirs");
  CHECK(endpoint().url() == "http://theirs");
  home.set("AWS_ENDPOINT_URL", "http://all");
  CHECK(endpoint().url() == "http://all");
  home.set("AWS_ENDPOINT_URL_S3", "HTTPS://S3.test:9000/storage/v1/");
  CHECK(endpoint().url() == "https://s3.test:9000/storage/v1");
  CHECK(endpoint().origin == "environment AWS_ENDPOINT_URL_S3");
  CHECK(parse_s3_location("s3://bkt/p", home.settings()).object_url("k") == "https://s3.test:9000/storage/v1/bkt/p/k");
  home.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True");
  CHECK(endpoint().origin == "AWS");
}

TEST_CASE("an endpoint that is no URL of a server says where it comes from") {
  test::AwsHome home;
  home.set("AWS_ENDPOINT_URL", "s3.test");
  CHECK(message_for("s3://b", home) ==
        "the endpoint \"s3.test\" of environment AWS_ENDPOINT_URL is not a URL of a web server");
  for (const char* url : {"ftp://h", "http://", "http://:80", "http://user:secret@h", "http://h?x", "http://h/#x"}) {
    CAPTURE(url);
    home.set("AWS_ENDPOINT_URL", url);
    CHECK(test::code_of([&] { parse_s3_location("s3://b", home.settings()); }) == ErrorCode::invalid_input);
    CHECK(message_for("s3://b", home).find("secret") == std::string::npos);
  }
}

TEST_CASE("the addressing style can be chosen") {
  test::AwsHome home;
  const auto url = [&] { return parse_s3_location("s3://bkt", home.settings()).bucket_url(); };
  home.set("AWS_ENDPOINT_URL", "http://localhost:8000");
  CHECK(url() == "http://localhost:8000/bkt/");
  home.write_config("[default]\ns3 =\n  addressing_style = virtual\n");
  CHECK(url() == "http://bkt.localhost:8000/");
  home.set("AWS_S3_ADDRESSING_STYLE", "auto");
  CHECK(url() == "http://localhost:8000/bkt/");
  home.set("AWS_S3_ADDRESSING_STYLE", "path");
  home.set("AWS_ENDPOINT_URL", std::nullopt);
  CHECK(url() == "https://s3.us-east-1.amazonaws.com/bkt/");
  home.set("AWS_S3_ADDRESSING_STYLE", "other");
  CHECK(message_for("s3://bkt", home) == "the S3 addressing style \"other\" is unknown");
}

TEST_CASE("the usual port is left out, and an IPv6 address keeps its colons") {
  test::AwsHome home;
  const auto host = [&](const char* url) {
    home.set("AWS_ENDPOINT_URL", url);
    return parse_s3_location("s3://b", home.settings()).endpoint.host;
  };
  CHECK(host("https://h:443") == "h");
  CHECK(host("http://h:443") == "h:443");
  CHECK(host("http://[::1]:80/") == "[::1]");
  CHECK(host("http://[::1]:8080") == "[::1]:8080");
}

TEST_CASE("object URLs are encoded once, byte by byte") {
  test::AwsHome home;
  home.set("AWS_ENDPOINT_URL", "http://h");
  const auto location = parse_s3_location("s3://b/pré fix", home.settings());
  CHECK(location.object_url("a b+c=d~e'f(g)!*;,&?#@:%20/ü/😀") ==
        "http://h/b/pr%C3%A9%20fix/a%20b%2Bc%3Dd~e%27f%28g%29%21%2A%3B%2C%26%3F%23%40%3A%2520/%C3%BC/%F0%9F%98%80");
}

TEST_CASE("moving to another region changes AWS's host, but no other") {
  test::AwsHome home;
  auto on_aws = parse_s3_location("s3://bkt", home.settings());
  on_aws.move_to_region("eu-central-1");
  CHECK(on_aws.bucket_url() == "https://bkt.s3.eu-central-1.amazonaws.com/");
  CHECK(on_aws.region == "eu-central-1");
  CHECK(on_aws.region_origin == "server");
  home.set("AWS_ENDPOINT_URL", "http://h");
  auto elsewhere = parse_s3_location("s3://bkt", home.settings());
  elsewhere.move_to_region("r2");
  CHECK(elsewhere.bucket_url() == "http://h/bkt/");
  CHECK(elsewhere.region == "r2");
}
