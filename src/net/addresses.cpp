#include "net/addresses.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include <netinet/in.h>

namespace lumi::net {

namespace {

bool is_link_local_v4(std::span<const std::uint8_t> bytes) {
  constexpr std::array<std::uint8_t, 4> k_alibaba{100, 100, 100, 200};
  return (bytes[0] == 169 && bytes[1] == 254) || std::ranges::equal(bytes, k_alibaba);
}

bool starts_with(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> start) {
  return std::ranges::equal(bytes.first(start.size()), start);
}

bool is_link_local_v6(std::span<const std::uint8_t> bytes) {
  constexpr std::array<std::uint8_t, 12> k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> k_nat64{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
  constexpr std::array<std::uint8_t, 4> k_amazon{0xfd, 0x00, 0x0e, 0xc2};
  if (starts_with(bytes, k_mapped) || starts_with(bytes, k_nat64)) {
    return is_link_local_v4(bytes.subspan(k_mapped.size(), 4));
  }
  return (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80) || starts_with(bytes, k_amazon);
}

}  // namespace

bool is_link_local(const sockaddr* address, socklen_t size) {
  if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    std::array<std::uint8_t, 4> bytes{};
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    std::memcpy(bytes.data(), &in->sin_addr, bytes.size());
    return is_link_local_v4(bytes);
  }
  if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    std::array<std::uint8_t, 16> bytes{};
    const auto* in = reinterpret_cast<const sockaddr_in6*>(address);
    std::memcpy(bytes.data(), &in->sin6_addr, bytes.size());
    return is_link_local_v6(bytes);
  }
  return false;
}

}  // namespace lumi::net
