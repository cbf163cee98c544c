// The floor for a client over libcurl: the loop of its manual, curl_multi_perform and curl_multi_poll, with easy
// handles and connections used again, which sends the same chat completion again and again and throws the answers away.
// Usage: bare_multi URL REQUESTS CONCURRENCY; fails unless every answer is 200 and has a body.
#include <curl/curl.h>

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

// As long as the bodies that lumi sends in this bench: a system prompt, and a text of some 100 words.
std::string request_body() {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "lorem ipsum ";
  }
  return R"({"model":"m","messages":[{"role":"system","content":"You write summaries."},{"role":"user","content":")" +
         text + R"("}],"max_tokens":1024,"temperature":1.0,"top_p":1.0,"frequency_penalty":0.0})";
}

std::size_t on_body(char* /*data*/, std::size_t size, std::size_t count, void* received) {
  *static_cast<std::size_t*>(received) += size * count;
  return size * count;
}

class Floor {
public:
  Floor(const char* url, long requests, long concurrency);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  void run();

private:
  void start(CURL* easy);
  void collect();

  const std::string body_ = request_body();
  curl_slist* headers_;
  CURLM* multi_;
  std::vector<CURL*> handles_;
  std::size_t received_ = 0;
  long left_;
  long done_ = 0;
  long failed_ = 0;
};

Floor::Floor(const char* url, long requests, long concurrency)
    : headers_(
          curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"), "Authorization: Bearer key")),
      multi_(curl_multi_init()), left_(requests) {
  for (long i = 0; i < concurrency; ++i) {
    CURL* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body_.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body_.size()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received_);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 600'000L);
    handles_.push_back(easy);
  }
}

Floor::~Floor() {
  for (CURL* easy : handles_) {
    curl_easy_cleanup(easy);
  }
  curl_multi_cleanup(multi_);
  curl_slist_free_all(headers_);
}

void Floor::start(CURL* easy) {
  if (left_ > 0) {
    --left_;
    curl_multi_add_handle(multi_, easy);
  }
}

void Floor::collect() {
  int in_queue = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &in_queue)) {
    CURL* easy = message->easy_handle;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    failed_ += message->data.result == CURLE_OK && status == 200 ? 0 : 1;
    ++done_;
    curl_multi_remove_handle(multi_, easy);
    start(easy);
  }
}

void Floor::run() {
  const long requests = left_;
  for (CURL* easy : handles_) {
    start(easy);
  }
  constexpr int k_patience_ms = 1000;
  while (done_ < requests) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    const long before = done_;
    collect();
    if (done_ == before) {
      curl_multi_poll(multi_, nullptr, 0, k_patience_ms, nullptr);
    }
  }
  if (failed_ > 0 || received_ == 0) {
    throw std::runtime_error(std::to_string(failed_) + " requests failed");
  }
}

long number(std::string_view text) {
  long value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || value < 1) {
    throw std::runtime_error("not a number above 0: " + std::string(text));
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) {
      throw std::runtime_error("usage: bare_multi URL REQUESTS CONCURRENCY");
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Floor(argv[1], number(argv[2]), number(argv[3])).run();
  } catch (const std::exception& error) {
    std::cerr << "bare_multi: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
