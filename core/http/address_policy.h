// Which addresses a connection may lead to: keeps answers from the network from steering us into private networks.
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates).
// Threads: free functions without state.
// Tested by tests/core/http/address_policy_test.cc
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace lookalike {

// How far into private networks a connection may lead.
enum class AddressScope {
  internet,  // public addresses only: everything that an answer names
  loopback,  // also 127.0.0.0/8 and ::1: when the endpoint itself is there
  any,       // also private networks: addresses that the user typed
};

enum class AddressKind {
  internet,         // globally reachable unicast
  loopback,         // 127.0.0.0/8, ::1 and the former mapped into IPv6
  private_network,  // everything else: private, link-local, shared, reserved, multicast, unspecified, unknown families
};

// IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4) are as private as what they carry.
AddressKind classify_address(const sockaddr* address, socklen_t length);

// Nothing when the host is a name. Brackets around IPv6 and a zone ("%eth0") are ignored.
std::optional<AddressKind> classify_literal(std::string_view host);

bool scope_allows(AddressScope scope, AddressKind kind);

// "a loopback address", for messages.
const char* describe(AddressKind kind);

// Numeric, without port or brackets; "?" for families other than IPv4 and IPv6.
std::string address_text(const sockaddr* address, socklen_t length);

}  // namespace lookalike
