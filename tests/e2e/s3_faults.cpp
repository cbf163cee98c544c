// s3_faults RUNS SEED: writes and reads objects through a server that spoils answers (LUMI_STORAGE,
// AWS_ENDPOINT_URL_S3), and looks at every one through DIRECT_ENDPOINT. Prints how often writing and reading worked,
// and each thing that must not be; exit code 1 if there was one.
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "conformance/object_store_suite.hpp"
#include "net/curl_http_client.hpp"
#include "store/files/s3/s3_object_store.hpp"
#include "store/files/verified_source.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>

using namespace lumi;
using lumi::test::put;

namespace {

std::unique_ptr<store::ObjectStore> open_at(const char* endpoint_variable) {
  const auto endpoint = environment(endpoint_variable).value_or("");
  store::AwsSettings settings([endpoint](const char* name) {
    return std::string_view(name) == "AWS_ENDPOINT_URL_S3" ? std::optional(endpoint) : environment(name);
  });
  const auto url = environment("LUMI_STORAGE").value_or("");
  auto location = store::parse_s3_location(url, settings);
  auto prefix = location.prefix;
  auto worker = std::make_shared<store::S3Worker>([settings, location] {
    static const SystemClock wall;
    static const SteadyClock steady;
    return store::S3Parts{std::make_unique<net::CurlHttpClient>(),
                          std::make_unique<store::AwsCredentialsChain>(settings),
                          location,
                          &wall,
                          &steady};
  });
  store::S3Sizes sizes;
  sizes.part_bytes = 5 * 1024 * 1024;
  sizes.first_range_bytes = 16 * 1024;
  sizes.range_bytes = 48 * 1024;
  return std::make_unique<store::S3ObjectStore>(url, prefix, worker, sizes);
}

struct Tally {
  int written = 0;
  int write_errors = 0;
  int read = 0;
  int read_errors = 0;
  int wrong = 0;

  void report(const std::string& what) {
    ++wrong;
    std::printf("WRONG: %s\n", what.c_str());
  }
};

void check_error(Tally& tally, const Error& error, const std::string& key) {
  const std::string text = error.what();
  if (text.find(quote(key)) == std::string::npos) {
    tally.report("an error without the key: " + text);
  }
}

void run(store::ObjectStore& spoiled, store::ObjectStore& direct, std::minstd_rand& random, Tally& tally) {
  const auto key = "faults/" + RandomIds().uuid();
  constexpr std::size_t k_large_share = 40;
  const bool is_large = random() % k_large_share == 0;
  const auto content = test::some_bytes(is_large ? 5 * 1024 * 1024 + random() % 6'000'000 : random() % 300'000);
  std::string sha256;
  try {
    sha256 = put(spoiled, key, content).sha256;
    ++tally.written;
  } catch (const Error& error) {
    ++tally.write_errors;
    check_error(tally, error, key);
  }
  const auto info = direct.find(key);
  if (info && test::get(direct, key) != content) {
    tally.report("an object of " + std::to_string(content.size()) + " bytes is there, but not as it was written");
  }
  if (!sha256.empty() && !info) {
    tally.report("an object that was written is not there");
  }
  if (!info) {
    return;
  }
  try {
    const auto source = store::open_referenced(spoiled, key, sha256_hex(content));
    if (read_all(*source) == content) {
      ++tally.read;
    } else {
      tally.report("what was read is not what was written");
    }
  } catch (const Error& error) {
    ++tally.read_errors;
    check_error(tally, error, key);
  }
  direct.remove(key);
}

}  // namespace

int main(int count, char** arguments) {
  const int runs = count > 1 ? std::atoi(arguments[1]) : 100;
  std::minstd_rand random(count > 2 ? static_cast<unsigned>(std::atoi(arguments[2])) : 1U);
  const auto spoiled = open_at("AWS_ENDPOINT_URL_S3");
  const auto direct = open_at("DIRECT_ENDPOINT");
  Tally tally;
  for (int i = 0; i < runs; ++i) {
    run(*spoiled, *direct, random, tally);
  }
  std::printf("%d written, %d write errors, %d read, %d read errors, %d wrong\n",
              tally.written,
              tally.write_errors,
              tally.read,
              tally.read_errors,
              tally.wrong);
  return tally.wrong == 0 ? 0 : 1;
}
