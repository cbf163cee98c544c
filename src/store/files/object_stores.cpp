#include "store/files/object_stores.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/curl_http_client.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/s3/aws_credentials.hpp"
#include "store/files/s3/aws_settings.hpp"
#include "store/files/s3/s3_location.hpp"
#include "store/files/s3/s3_object_store.hpp"
#include "store/files/s3/s3_worker.hpp"

#include <string_view>

namespace lumi::store {

namespace {

/// Neither libcurl is loaded nor a credential looked for before the first request.
std::unique_ptr<ObjectStore> open_s3(const std::string& url) {
  AwsSettings settings;
  auto location = parse_s3_location(url, settings);
  auto prefix = location.prefix;
  auto worker = std::make_shared<S3Worker>([settings = std::move(settings), location = std::move(location)] {
    static const SystemClock wall;
    static const SteadyClock steady;
    S3Parts parts;
    parts.http = std::make_unique<net::CurlHttpClient>();
    parts.credentials = std::make_unique<AwsCredentialsChain>(settings);
    parts.location = location;
    parts.wall = &wall;
    parts.steady = &steady;
    return parts;
  });
  return std::make_unique<S3ObjectStore>(url, prefix, std::move(worker));
}

}  // namespace

std::unique_ptr<ObjectStore> open_object_store(const std::string& url, const Home& home) {
  if (url == k_home_storage) {
    return std::make_unique<LocalObjectStore>(home.objects_folder(), url);
  }
  constexpr std::string_view k_local = "file://";
  if (url.starts_with("file:///")) {
    return std::make_unique<LocalObjectStore>(percent_decode(url.substr(k_local.size())), url);
  }
  if (url.starts_with("s3://")) {
    return open_s3(url);
  }
  throw Error(ErrorCode::usage, quote(url) + " is not a storage", "use file:, file:///DIR or s3://BUCKET/PREFIX");
}

ObjectStore& ObjectStores::at(const std::string& url) {
  auto& store = stores_[url];
  if (!store) {
    store = open_(url);
  }
  return *store;
}

}  // namespace lumi::store
