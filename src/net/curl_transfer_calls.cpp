// What libcurl calls while a CurlTransfer is under way.
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/addresses.hpp"
#include "net/curl_transfer.hpp"

#include <algorithm>

#include <sys/socket.h>
#include <unistd.h>

namespace lumi::net {

namespace {

std::size_t parse_length(std::string_view text) {
  const auto length = parse_integer(trim(text));
  return length && *length > 0 ? static_cast<std::size_t>(*length) : 0;
}

}  // namespace

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  return transfer.take([&] { return transfer.take_header({data, size * count}); }) ? size * count : 0;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  return transfer.take([&] { return transfer.take_body({data, size * count}); }) ? size * count : 0;
}

/// Runs what takes a part of the answer; what it throws must not pass through libcurl.
template <class Work>
bool CurlTransfer::take(Work work) {
  try {
    return own_fault_ == TransportFault::none && work();
  } catch (...) {
    exception_ = std::current_exception();
    return give_up(TransportFault::cancelled);
  }
}

bool CurlTransfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > request_.max_header_bytes) {
    return give_up(TransportFault::too_large);
  }
  if (line.starts_with("HTTP/")) {
    // Only the last of several responses ("100 Continue") is the answer.
    answer_.head.clear();
    const auto space = line.find(' ');
    answer_.status = space == std::string_view::npos ? 0 : static_cast<int>(parse_length(line.substr(space + 1, 3)));
    return true;
  }
  if (line == "\r\n" || line == "\n") {
    is_head_whole_ = answer_.status >= 200;
    return true;
  }
  constexpr std::string_view k_length = "content-length:";
  if (line.size() > k_length.size() && is_same_name(line.substr(0, k_length.size()), k_length) &&
      request_.method != "HEAD") {
    const auto length = parse_length(line.substr(k_length.size()));
    if (length > request_.max_body_bytes) {
      return give_up(TransportFault::too_large);
    }
    // What a server promises is not taken at its word.
    constexpr std::size_t k_trusted = std::size_t{1} << 20U;
    answer_.body.reserve(std::min(length, k_trusted));
  }
  answer_.head += line;
  return true;
}

bool CurlTransfer::take_body(std::string_view bytes) {
  if (body_bytes_ == 0) {
    answer_.first_byte = std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - started_);
  }
  body_bytes_ += bytes.size();
  if (body_bytes_ > request_.max_body_bytes) {
    return give_up(TransportFault::too_large);
  }
  if (chunk_ && answer_.status / 100 == 2) {
    chunk_(bytes);
  } else {
    answer_.body += bytes;
  }
  return own_fault_ == TransportFault::none;
}

curl_socket_t CurlTransfer::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.request_.addresses == Addresses::no_link_local && is_link_local(&address->addr, address->addrlen)) {
    transfer.give_up(TransportFault::blocked);
    return CURL_SOCKET_BAD;
  }
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket >= 0) {
    transfer.sockets_.opened(socket);
  }
  return socket;
}

int CurlTransfer::on_close(void* sockets, curl_socket_t socket) {
  static_cast<SocketWatch*>(sockets)->closed(socket);
  return ::close(socket);
}

int CurlTransfer::on_trace(CURL* /*easy*/, curl_infotype type, char* data, std::size_t size, void* /*self*/) {
  const char* prefix = type == CURLINFO_TEXT         ? "* "
                       : type == CURLINFO_HEADER_IN  ? "< "
                       : type == CURLINFO_HEADER_OUT ? "> "
                                                     : nullptr;
  if (prefix != nullptr) {
    for (const auto line : split({data, size}, '\n')) {
      if (!trim(line).empty()) {
        log_trace(prefix + std::string(trim(line)));
      }
    }
  }
  return 0;
}

}  // namespace lumi::net
