#pragma once
#include "net/certificates.hpp"
#include "net/http_client.hpp"

#include <memory>

namespace lumi::net {

/// The client for real servers, over libcurl: connections are kept and used again, HTTP/2 where a server offers it, and
/// proxies as http_proxy, https_proxy and no_proxy say. Certificates are always checked.
class CurlHttpClient final : public HttpClient {
public:
  /// Throws Error{failure} if libcurl is not installed.
  explicit CurlHttpClient(Certificates certificates = find_certificates());
  ~CurlHttpClient() override;

  TransferId start(HttpRequest request, Done done, Chunk chunk = {}) override;
  void cancel(TransferId transfer) override;
  std::size_t running() const override;
  void wait(std::chrono::milliseconds limit) override;
  void wake() override;

private:
  class Transfers;
  std::unique_ptr<Transfers> transfers_;
};

}  // namespace lumi::net
