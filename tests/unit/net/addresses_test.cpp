#include "net/addresses.hpp"

#include <doctest/doctest.h>

#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace {

bool is_link_local(const std::string& text) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return lumi::net::is_link_local(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
  }
  REQUIRE(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
  return lumi::net::is_link_local(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
}

}  // namespace

TEST_CASE("where clouds keep credentials is link-local, in whatever way it is written") {
  for (const char* address : {"169.254.169.254",
                              "169.254.0.1",
                              "169.254.170.2",
                              "100.100.100.200",
                              "fe80::1",
                              "febf::1",
                              "fd00:ec2::254",
                              "::ffff:169.254.169.254",
                              "64:ff9b::169.254.169.254"}) {
    CAPTURE(address);
    CHECK(is_link_local(address));
  }
  for (const char* address : {"127.0.0.1",
                              "10.0.0.1",
                              "192.168.1.1",
                              "169.253.255.255",
                              "168.254.169.254",
                              "100.100.100.201",
                              "::1",
                              "fec0::1",
                              "fd00:ec3::254",
                              "2600::1",
                              "::ffff:127.0.0.1"}) {
    CAPTURE(address);
    CHECK_FALSE(is_link_local(address));
  }
}
