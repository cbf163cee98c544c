#include "net/curl_transfer.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <type_traits>

namespace lumi::net {

namespace {

/// Whether the method goes without a body unless the request has one.
bool is_without_body(const HttpRequest& request) {
  return request.content().empty() &&
         (request.method == "GET" || request.method == "HEAD" || request.method == "DELETE");
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers,
                             [&](const HttpHeader& header) { return is_same_name(header.name, name); });
}

TransportFault fault_of(CURLcode code) {
  switch (code) {
  case CURLE_OK:
    return TransportFault::none;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
    return TransportFault::cannot_resolve;
  case CURLE_COULDNT_CONNECT:
  case CURLE_PROXY:
    return TransportFault::cannot_connect;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_ISSUER_ERROR:
    return TransportFault::tls;
  case CURLE_OPERATION_TIMEDOUT:
    return TransportFault::timed_out;
  case CURLE_PARTIAL_FILE:
  case CURLE_GOT_NOTHING:
  case CURLE_RECV_ERROR:
  case CURLE_SEND_ERROR:
  case CURLE_HTTP2:
  case CURLE_HTTP2_STREAM:
    return TransportFault::cut;
  default:
    return TransportFault::other;
  }
}

/// Whether libcurl would wait for "100 Continue" before it sends a body of this size: a second where nobody says it.
bool is_announced(std::string_view body) { return body.size() > std::size_t{1} << 20U; }

/// Whether the environment names a proxy in any of the ways that libcurl knows.
bool is_proxy_named() {
  constexpr std::array k_names{"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  return std::ranges::any_of(k_names, [](const char* name) { return environment(name).has_value(); });
}

const std::string& user_agent() {
  static const std::string text = "lumi/" + std::string(k_version);
  return text;
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlLibrary& curl,
                           SocketWatch& sockets,
                           const Certificates& certificates,
                           std::size_t slot)
    : curl_(curl), sockets_(sockets), certificates_(certificates), slot_(slot), easy_(curl.easy_init()) {
  if (easy_ == nullptr) {
    throw Error(ErrorCode::failure, "cannot start a request: libcurl is out of memory");
  }
}

CurlTransfer::~CurlTransfer() {
  curl_.easy_cleanup(easy_);
  curl_.slist_free_all(header_list_);
}

template <class Value>
void CurlTransfer::set(CURLoption option, Value value) {
  static_assert(std::is_same_v<Value, long> || std::is_pointer_v<Value>,
                "what libcurl reads from its variable arguments");
  if (curl_.easy_setopt(easy_, option, value) != CURLE_OK) {
    throw Error(ErrorCode::failure,
                "libcurl does not know option " + std::to_string(static_cast<int>(option)) + ": it may be too old");
  }
}

void CurlTransfer::set_up() {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &on_open);
  set(CURLOPT_OPENSOCKETDATA, this);
  // A connection outlives the transfer that opened it.
  set(CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  set(CURLOPT_CLOSESOCKETDATA, &sockets_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, user_agent().c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  // Redirects would take headers with a key along to another host.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  // The path goes out as it is given: names of objects may look like "..", and a signature covers the very bytes.
  set(CURLOPT_PATH_AS_IS, 1L);
  // A resolver that hangs must not hold up the end of the process.
  set(CURLOPT_QUICK_EXIT, 1L);
  set_trust();
  set_proxy();
  if (is_logged(LogLevel::trace)) {
    set(CURLOPT_DEBUGFUNCTION, &on_trace);
    set(CURLOPT_VERBOSE, 1L);
  }
}

void CurlTransfer::set_trust() {
  if (certificates_.file.empty() && certificates_.folder.empty()) {
    return;
  }
  const char* file = certificates_.file.empty() ? nullptr : certificates_.file.c_str();
  const char* folder = certificates_.folder.empty() ? nullptr : certificates_.folder.c_str();
  set(CURLOPT_CAINFO, file);
  set(CURLOPT_CAPATH, folder);
  set(CURLOPT_PROXY_CAINFO, file);
  set(CURLOPT_PROXY_CAPATH, folder);
}

void CurlTransfer::set_proxy() {
  if (!is_proxy_named()) {
    // libcurl would search the environment anew for every request.
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "");
  }
}

void CurlTransfer::set_method(const HttpRequest& request) {
  if (!is_without_body(request)) {
    set(CURLOPT_POST, 1L);
  } else if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else {
    set(CURLOPT_HTTPGET, 1L);
  }
  const bool is_usual = request.method == "HEAD" || request.method == (is_without_body(request) ? "GET" : "POST");
  if (!is_usual) {
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void CurlTransfer::set_transport(const HttpRequest& request) {
  const bool is_any = request.versions == HttpVersions::any;
  set(CURLOPT_HTTP_VERSION, is_any ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
  if (request.buffer_bytes > 0) {
    set(is_without_body(request) ? CURLOPT_BUFFERSIZE : CURLOPT_UPLOAD_BUFFERSIZE,
        static_cast<long>(request.buffer_bytes));
  }
}

void CurlTransfer::set_limits(const TimeLimits& limits) {
  // Zero would be libcurl's own limit of 300 s.
  constexpr std::chrono::milliseconds k_unlimited = std::chrono::hours{24 * 20};
  const auto connect = limits.connect.count() > 0 ? limits.connect : k_unlimited;
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, limits.silence.count() > 0 ? 1L : 0L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.silence.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
}

void CurlTransfer::set_headers(const HttpRequest& request) {
  curl_.slist_free_all(std::exchange(header_list_, nullptr));
  const auto append = [&](const std::string& line) {
    curl_slist* longer = curl_.slist_append(header_list_, line.c_str());
    if (longer == nullptr) {
      throw Error(ErrorCode::failure, "cannot start a request: libcurl is out of memory");
    }
    header_list_ = longer;
  };
  for (const auto& [name, value] : request.headers) {
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  // Without a value: libcurl is not to add its own.
  if (is_announced(request.content())) {
    append("Expect:");
  }
  if (!has_header(request, "Content-Type")) {
    append("Content-Type:");
  }
  set(CURLOPT_HTTPHEADER, header_list_);
}

void CurlTransfer::prepare(HttpRequest request, HttpClient::Done done, HttpClient::Chunk chunk) {
  const Kind kind{request.method,
                  is_without_body(request),
                  is_announced(request.content()),
                  request.versions,
                  request.buffer_bytes};
  const bool is_new = kind_ != kind;
  if (is_new) {
    kind_.reset();
    curl_.easy_reset(easy_);
    set_up();
    set_method(request);
    set_transport(request);
  }
  if (is_new || request.url != request_.url) {
    set(CURLOPT_URL, request.url.c_str());
  }
  if (is_new || request.limits != request_.limits) {
    set_limits(request.limits);
  }
  if (is_new || request.headers != request_.headers) {
    set_headers(request);
  }
  kind_ = kind;
  request_ = std::move(request);
  if (!kind.is_without_body) {
    const auto content = request_.content();
    set(CURLOPT_POSTFIELDS, content.empty() ? "" : content.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(content.size()));
  }
  done_ = std::move(done);
  chunk_ = std::move(chunk);
  answer_ = {};
  error_text_[0] = '\0';
  is_head_whole_ = false;
  header_bytes_ = 0;
  body_bytes_ = 0;
  own_fault_ = TransportFault::none;
  started_ = Time::now();
}

HttpAnswer CurlTransfer::finish(CURLcode code) {
  if (code == CURLE_OK && !is_head_whole_) {
    // libcurl takes a connection that ends within the headers for the end of an answer without a body.
    give_up(TransportFault::cut);
  }
  answer_.fault = own_fault_ != TransportFault::none ? own_fault_ : fault_of(code);
  if (answer_.fault != TransportFault::none) {
    answer_.fault_text = describe(code);
  }
  answer_.total = std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - started_);
  if (is_logged(LogLevel::debug)) {
    log_debug(request_.method + " " + request_.url + ": " +
              (answer_.status == 0 ? std::string("no answer") : std::to_string(answer_.status)) + ", " +
              std::to_string(body_bytes_) + " bytes, " + std::to_string(answer_.total.count()) + " us" +
              (answer_.fault_text.empty() ? "" : ", " + answer_.fault_text));
  }
  request_.body = {};
  request_.lent_body = {};
  chunk_ = {};
  return std::move(answer_);
}

std::string CurlTransfer::describe(CURLcode code) const {
  switch (own_fault_) {
  case TransportFault::none:
    break;
  case TransportFault::cut:
    return "the connection ended within the headers";
  case TransportFault::blocked:
    return "the address is link-local, where clouds keep credentials";
  case TransportFault::too_large:
    return "the answer is larger than " + human_size(request_.max_body_bytes);
  default:
    return std::string(to_string(own_fault_));
  }
  const std::string text = error_text_[0] != '\0' ? error_text_.data() : curl_.easy_strerror(code);
  return redact(to_valid_utf8(text));
}

bool CurlTransfer::give_up(TransportFault fault) {
  if (own_fault_ == TransportFault::none) {
    own_fault_ = fault;
  }
  return false;
}

}  // namespace lumi::net
