#include "base/file.hpp"
#include "store/files/s3/aws_settings.hpp"
#include "support/aws_home.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::store;

TEST_CASE("parse_aws_file reads sections, comments and values within values") {
  const auto file = parse_aws_file("# a comment\n"
                                   "[default]\r\n"
                                   "AWS_Access_Key_Id = AK = 1 \n"
                                   "; another\n"
                                   "s3 =\n"
                                   "  addressing_style = path\n"
                                   "\tmax_queue_size: 10\n"
                                   "region=eu-west-1\n"
                                   "\n"
                                   "[profile \"my  name\"]\n"
                                   "region : us-west-2\n"
                                   "[ services  x ]\n"
                                   "s3 =\n"
                                   "  endpoint_url = https://s3.test:9000/a\n",
                                   "f");
  CHECK(file.size() == 3);
  CHECK(file.at("default") == AwsSection{{"aws_access_key_id", "AK = 1"},
                                         {"s3", ""},
                                         {"s3.addressing_style", "path"},
                                         {"s3.max_queue_size", "10"},
                                         {"region", "eu-west-1"}});
  CHECK(file.at("profile my name").at("region") == "us-west-2");
  CHECK(file.at("services x").at("s3.endpoint_url") == "https://s3.test:9000/a");
  CHECK(parse_aws_file("", "f").empty());
}

TEST_CASE("parse_aws_file names file and line of what it cannot read") {
  const auto message = [](const char* text) {
    const auto error = test::error_of([&] { parse_aws_file(text, "/home/x/.aws/config"); }).value();
    CHECK(error.code() == ErrorCode::invalid_input);
    return std::string(error.what());
  };
  CHECK(message("[default\n") == "/home/x/.aws/config:1: the heading has no ]");
  CHECK(message("\nregion = x\n") == "/home/x/.aws/config:2: a value stands before the first heading");
  CHECK(message("[default]\nregion\n") == "/home/x/.aws/config:2: this is neither a heading nor KEY = VALUE");
}

TEST_CASE("a profile is what both files say of it, the credentials file first") {
  const test::AwsHome home;
  home.write_config("[default]\nregion = r0\n[profile p]\nregion = r1\naws_access_key_id = config\n[q]\nregion = no\n");
  home.write_credentials("[p]\naws_access_key_id = credentials\n[only]\nregion = r2\n");
  const auto settings = home.settings();
  CHECK(settings.profile_name() == "default");
  CHECK(settings.profile().find("region") == "r0");
  const auto p = settings.find_profile("p").value();
  CHECK(p.find("region") == "r1");
  CHECK(p.find("aws_access_key_id") == "credentials");
  CHECK(p.find("other") == std::nullopt);
  CHECK(settings.find_profile("only").value().find("region") == "r2");
  CHECK_FALSE(settings.find_profile("q").has_value());
}

TEST_CASE("AWS_PROFILE names the profile, which must then be there") {
  test::AwsHome home;
  CHECK(home.settings().profile().name == "default");
  home.write_config("[profile p]\nregion = r1\n");
  home.set("AWS_DEFAULT_PROFILE", "other");
  home.set("AWS_PROFILE", "p");
  CHECK(home.settings().profile().find("region") == "r1");
  home.set("AWS_PROFILE", "q");
  const auto error = test::error_of([&] { (void)home.settings().profile(); }).value();
  CHECK(error.code() == ErrorCode::credentials);
  CHECK(std::string(error.what()) == "the AWS profile \"q\" is neither in the credentials nor in the config file");
}

TEST_CASE("variables name other files, and ~ is the home") {
  test::AwsHome home;
  write_file(home.folder() / "other", "[default]\nregion = r9\n", Overwrite::yes, Durable::no);
  home.set("AWS_CONFIG_FILE", "~/other");
  CHECK(home.settings().profile().find("region") == "r9");
  home.set("AWS_CONFIG_FILE", (home.folder() / "none").string());
  CHECK(home.settings().profile().find("region") == std::nullopt);
  home.set("HOME", std::nullopt);
  home.set("AWS_CONFIG_FILE", std::nullopt);
  CHECK(home.settings().profile().find("region") == std::nullopt);
}
