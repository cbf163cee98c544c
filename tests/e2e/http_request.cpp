// Makes one request with lumi's HTTP client, for tests with servers that are easier to write in Python; prints what
// came of it as JSON. Usage: http_request URL [--NAME VALUE]...: see `read_option`.
#include "base/byte_stream.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "net/curl_http_client.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace lumi;

namespace {

void read_option(net::HttpRequest& request, std::string_view name, const std::string& value) {
  if (name == "--header") {
    const auto colon = value.find(':');
    request.headers.push_back({value.substr(0, colon), value.substr(colon + 2)});
  } else if (name == "--body") {
    request.method = "POST";
    request.body = value;
  } else if (name == "--connect-ms") {
    request.limits.connect = std::chrono::milliseconds(std::stol(value));
  } else if (name == "--total-ms") {
    request.limits.total = std::chrono::milliseconds(std::stol(value));
  } else if (name == "--max-body") {
    request.max_body_bytes = std::stoul(value);
  } else if (name == "--secret") {
    redact_in_log(value);
  } else {
    throw std::runtime_error("unknown option " + std::string(name));
  }
}

void print(const net::HttpAnswer& answer) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.key("fault");
  json.value(net::to_string(answer.fault));
  json.key("fault_text");
  json.value(answer.fault_text);
  json.key("status");
  json.value(std::int64_t{answer.status});
  json.key("head");
  json.value(answer.head);
  json.key("bytes");
  json.value(static_cast<std::int64_t>(answer.body.size()));
  json.key("body");
  json.value(std::string_view(answer.body).substr(0, 10'000));
  json.end_object();
  std::cout << sink.text() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (std::getenv("LUMI_LOG") != nullptr) {
      set_log_level(LogLevel::trace);
    }
    net::HttpRequest request;
    request.url = argc > 1 ? argv[1] : "";
    for (int i = 2; i + 1 < argc; i += 2) {
      read_option(request, argv[i], argv[i + 1]);
    }
    net::CurlHttpClient client;
    print(client.send(request));
  } catch (const std::exception& error) {
    std::cerr << "http_request: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
