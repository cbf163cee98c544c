#pragma once
#include <sys/socket.h>

namespace lumi::net {

/// Whether `address` is one where machines in a cloud get their credentials: IPv4 and IPv6 link-local, and the few
/// others that clouds use for it. IPv4 within IPv6 counts as IPv4.
bool is_link_local(const sockaddr* address, socklen_t size);

}  // namespace lumi::net
