// The same work as bare_multi's, through lumi's own HTTP client: what the client adds to libcurl, without what lumi
// does with prompts and answers. Usage: client_multi URL REQUESTS CONCURRENCY
#include "net/curl_http_client.hpp"

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

std::string request_body() {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "lorem ipsum ";
  }
  return R"({"model":"m","messages":[{"role":"system","content":"You write summaries."},{"role":"user","content":")" +
         text + R"("}],"max_tokens":1024,"temperature":1.0,"top_p":1.0,"frequency_penalty":0.0})";
}

class Work {
public:
  Work(std::string url, long requests) : left_(requests) {
    request_.method = "POST";
    request_.url = std::move(url);
    request_.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer key"}};
    request_.body = request_body();
  }

  void run(long concurrency) {
    for (long i = 0; i < concurrency; ++i) {
      start();
    }
    while (client_.running() > 0) {
      client_.wait(std::chrono::seconds(1));
    }
    if (failed_ > 0) {
      throw std::runtime_error(std::to_string(failed_) + " requests failed");
    }
  }

private:
  void start() {
    if (left_ > 0) {
      --left_;
      client_.start(request_, [this](const lumi::net::HttpAnswer& answer) {
        failed_ += answer.status == 200 && !answer.body.empty() ? 0 : 1;
        start();
      });
    }
  }

  lumi::net::CurlHttpClient client_;
  lumi::net::HttpRequest request_;
  long left_;
  long failed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) {
      throw std::runtime_error("usage: client_multi URL REQUESTS CONCURRENCY");
    }
    Work(argv[1], std::stol(argv[2])).run(std::stol(argv[3]));
  } catch (const std::exception& error) {
    std::cerr << "client_multi: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
