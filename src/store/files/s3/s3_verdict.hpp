#pragma once
#include "net/http_client.hpp"
#include "store/files/s3/s3_error.hpp"

#include <chrono>
#include <cstdint>

namespace lumi::store {

/// What follows from an answer of an S3 server that is not what was asked for.
enum class S3Action : std::uint8_t {
  retry,            ///< the same again, later
  retry_once,       ///< the bytes did not arrive as they were sent: once again, more often it is no accident
  use_region,       ///< again, signed for S3Error::region
  follow,           ///< again, where the header Location says
  set_clock,        ///< again, signed with the server's time
  new_credentials,  ///< again, with credentials that are read anew
  fail,
};

/// Judges an answer with a fault or an error; `region` is what the request was signed for.
S3Action judge(const net::HttpAnswer& answer, const S3Error& error, const std::string& region);

/// Whether the server was not even reached.
bool is_unreached(net::TransportFault fault);

/// How long to wait after `tries` tries (1 after the first) with `random` from [0, 1): the full jitter of 100 ms
/// doubled with every try, at most 10 s.
std::chrono::milliseconds s3_retry_delay(int tries, double random);

}  // namespace lumi::store
