#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::net {

/// A header of a request.
struct HttpHeader {
  std::string name;
  std::string value;
  bool operator==(const HttpHeader&) const = default;
};

/// How long each phase of a request may take; zero is no limit.
struct TimeLimits {
  std::chrono::milliseconds connect{10'000};  ///< finding the host, connecting and TLS together
  std::chrono::seconds silence{60};           ///< no byte in either direction for this long
  std::chrono::milliseconds total{600'000};   ///< from start to the last byte
  bool operator==(const TimeLimits&) const = default;
};

/// Which addresses a request may reach.
enum class Addresses { all, no_link_local };

/// Which versions of HTTP a request may use.
enum class HttpVersions { any, http1 };

/// What to ask of which server.
struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  ///< http or https
  std::vector<HttpHeader> headers = {};
  std::string body = {};
  std::string_view lent_body = {};  ///< sent in place of an empty `body`; must stay until the transfer is done
  TimeLimits limits = {};
  std::size_t max_header_bytes = std::size_t{256} * 1024;
  std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;
  Addresses addresses = Addresses::no_link_local;  ///< link-local addresses are where clouds hand out credentials
  HttpVersions versions = HttpVersions::any;
  std::size_t buffer_bytes = 0;  ///< how much passes to or from the network at a time; 0: as libcurl does

  /// The bytes to send.
  std::string_view content() const { return body.empty() ? lent_body : std::string_view(body); }
};

/// Whether two names of headers mean the same: case does not matter.
bool is_same_name(std::string_view a, std::string_view b);

/// Throws Error{invalid_input} if `request` cannot be sent: a URL that is not http(s), control characters in it or in a
/// header, a name of a header or method that is no token.
void check_sendable(const HttpRequest& request);

/// Why there is no whole answer.
enum class TransportFault {
  none,
  cannot_resolve,
  cannot_connect,
  blocked,  ///< the address is one that the request may not reach
  tls,      ///< the certificate or the handshake
  timed_out,
  cut,  ///< the connection ended before the answer did
  too_large,
  cancelled,
  other,
};

/// The name of `fault`: "cannot_resolve".
std::string_view to_string(TransportFault fault);

/// What came back. With a fault, the parts that had arrived by then.
struct HttpAnswer {
  TransportFault fault = TransportFault::none;
  std::string fault_text;  ///< for people, without secrets; empty without a fault
  int status = 0;          ///< 0 if no status line arrived
  std::string head;        ///< the header lines, "Name: value\r\n" each, of the last response
  std::string body;
  std::chrono::microseconds first_byte{0};  ///< from start to the first byte of the body, 0 if none arrived
  std::chrono::microseconds total{0};

  /// The value of the first header called `name` (case does not matter), trimmed, or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// Names a transfer that was started; never 0, never used twice by one client.
enum class TransferId : std::uint64_t {};

/// Makes many HTTP requests at a time on one thread: `start` them, then call `wait` again and again.
/// Not thread-safe, but for `wake`. Redirects are not followed. Destroying a client drops its transfers without a call.
class HttpClient {
public:
  using Done = std::function<void(HttpAnswer)>;
  using Chunk = std::function<void(std::string_view)>;

  virtual ~HttpClient() = default;

  /// Takes on a request. `wait` calls `done` exactly once, and may start further requests from there. With `chunk`, the
  /// body of an answer with a 2xx status goes there piece by piece and not into HttpAnswer::body. Throws
  /// Error{invalid_input} for a request that cannot be sent: a URL that is not http(s), a header with control
  /// characters.
  virtual TransferId start(HttpRequest request, Done done, Chunk chunk = {}) = 0;

  /// Ends a transfer: its `done` is called with TransportFault::cancelled by the next `wait`. Nothing happens if it is
  /// over. May be called from any callback.
  virtual void cancel(TransferId transfer) = 0;

  /// How many transfers are started and not yet done.
  virtual std::size_t running() const = 0;

  /// Moves transfers on until one of them is done, `limit` is over, `wake` was called or a signal asked the process to
  /// stop meanwhile; calls the callbacks of what happened, and throws what they throw. Waits also while nothing is
  /// running.
  virtual void wait(std::chrono::milliseconds limit) = 0;

  /// Makes a `wait` in progress, or else the next one, return at once. Any thread may call this.
  virtual void wake() = 0;

  /// Makes one request and waits for its answer; other transfers move on meanwhile. Not to be called from a callback.
  /// Throws Error{interrupted} if a signal asks the process to stop.
  HttpAnswer send(HttpRequest request);
};

}  // namespace lumi::net
