#pragma once
#include "net/certificates.hpp"
#include "net/curl_library.hpp"
#include "net/http_client.hpp"
#include "net/socket_watch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lumi::net {

/// One request after the other on one easy handle of libcurl: what does not change from a request to the next is not
/// set again.
class CurlTransfer {
public:
  /// `sockets` and `certificates` must outlive it; `slot` is for the caller to find it again.
  CurlTransfer(const CurlLibrary& curl, SocketWatch& sockets, const Certificates& certificates, std::size_t slot);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* easy() const { return easy_; }
  std::size_t slot() const { return slot_; }

  /// Makes the handle ready for a request, which `check_sendable` has let pass.
  void prepare(HttpRequest request, HttpClient::Done done, HttpClient::Chunk chunk);

  /// What came of the request; `code` is libcurl's verdict.
  HttpAnswer finish(CURLcode code);

  HttpClient::Done take_done() { return std::move(done_); }

  /// What the receiver of chunks threw, if it did.
  std::exception_ptr take_exception() { return std::exchange(exception_, nullptr); }

  void cancel() { own_fault_ = TransportFault::cancelled; }
  bool is_cancelled() const { return own_fault_ == TransportFault::cancelled; }

private:
  using Time = std::chrono::steady_clock;
  /// Requests of one kind differ only in what `prepare` sets for each.
  struct Kind {
    std::string method;
    bool is_without_body;
    bool is_announced;
    HttpVersions versions;
    std::size_t buffer_bytes;
    bool operator==(const Kind&) const = default;
  };

  template <class Value>
  void set(CURLoption option, Value value);
  void set_up();
  void set_trust();
  void set_proxy();
  void set_method(const HttpRequest& request);
  void set_transport(const HttpRequest& request);
  void set_limits(const TimeLimits& limits);
  void set_headers(const HttpRequest& request);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* sockets, curl_socket_t socket);
  static int on_trace(CURL* easy, curl_infotype type, char* data, std::size_t size, void* self);

  template <class Work>
  bool take(Work work);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool give_up(TransportFault fault);
  std::string describe(CURLcode code) const;

  const CurlLibrary& curl_;
  SocketWatch& sockets_;
  const Certificates& certificates_;
  std::size_t slot_;
  CURL* easy_;
  curl_slist* header_list_ = nullptr;
  std::optional<Kind> kind_;  // what the handle is set up for
  std::array<char, CURL_ERROR_SIZE> error_text_{};

  HttpRequest request_;
  HttpClient::Done done_;
  HttpClient::Chunk chunk_;
  HttpAnswer answer_;
  Time::time_point started_;
  bool is_head_whole_ = false;
  std::size_t header_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  TransportFault own_fault_ = TransportFault::none;  // why we, not libcurl, ended it
  std::exception_ptr exception_;
};

}  // namespace lumi::net
