#include "store/files/s3/aws_http.hpp"

#include "base/error.hpp"

namespace lumi::store {

net::HttpAnswer
send_for_credentials(net::HttpClient& http, const net::HttpRequest& request, const std::string& server, int attempts) {
  net::HttpAnswer answer;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    answer = http.send(request);
    if (answer.fault == net::TransportFault::none && answer.status < 500) {
      return answer;
    }
  }
  if (answer.fault != net::TransportFault::none) {
    throw Error(ErrorCode::unavailable, "no answer from " + server + ": " + answer.fault_text);
  }
  return answer;
}

}  // namespace lumi::store
