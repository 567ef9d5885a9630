#include "core/http/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace lookalike {
namespace {

struct Block4 {
  uint32_t address;
  int bits;
};

constexpr uint32_t ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Block4 kNotPublic4[] = {
    {ip(0, 0, 0, 0), 8},        // "this network"; 0.0.0.0 connects to this machine on Linux
    {ip(10, 0, 0, 0), 8},       // private
    {ip(100, 64, 0, 0), 10},    // shared by carriers (CGNAT)
    {ip(169, 254, 0, 0), 16},   // link-local, the clouds' metadata service among it
    {ip(172, 16, 0, 0), 12},    // private
    {ip(192, 0, 0, 0), 24},     // protocol assignments
    {ip(192, 0, 2, 0), 24},     // documentation
    {ip(192, 88, 99, 0), 24},   // former 6to4 relays
    {ip(192, 168, 0, 0), 16},   // private
    {ip(198, 18, 0, 0), 15},    // benchmarking
    {ip(198, 51, 100, 0), 24},  // documentation
    {ip(203, 0, 113, 0), 24},   // documentation
    {ip(224, 0, 0, 0), 4},      // multicast
    {ip(240, 0, 0, 0), 4},      // reserved, broadcast
};

AddressKind classify4(uint32_t address) {
  if (address >> 24 == 127) return AddressKind::loopback;
  for (const Block4& block : kNotPublic4) {
    if (((address ^ block.address) >> (32 - block.bits)) == 0) return AddressKind::private_network;
  }
  return AddressKind::internet;
}

using Bytes16 = std::array<uint8_t, 16>;

bool starts_with(const Bytes16& address, std::initializer_list<uint8_t> prefix) {
  size_t i = 0;
  for (const uint8_t byte : prefix) {
    if (address[i++] != byte) return false;
  }
  return true;
}

uint32_t embedded4(const Bytes16& address, size_t offset) {
  return ip(address[offset], address[offset + 1], address[offset + 2], address[offset + 3]);
}

// A translator is another machine: what it calls loopback is inside its own network.
AddressKind behind_translator(uint32_t address) {
  return classify4(address) == AddressKind::internet ? AddressKind::internet : AddressKind::private_network;
}

AddressKind classify6(const Bytes16& a) {
  if (starts_with(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return classify4(embedded4(a, 12));  // mapped
  if (starts_with(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) && a[15] == 1) return AddressKind::loopback;
  if (starts_with(a, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
    return behind_translator(embedded4(a, 12));                                 // NAT64
  if (starts_with(a, {0x20, 0x02})) return behind_translator(embedded4(a, 2));  // 6to4
  // Outside 2000::/3 nothing is globally reachable: ::, fc00::/7, fe80::/10, fec0::/10, ff00::/8, 64:ff9b:1::/48.
  if ((a[0] & 0xe0) != 0x20) return AddressKind::private_network;
  if (starts_with(a, {0x20, 0x01}) && a[2] < 2) return AddressKind::private_network;  // 2001::/23: Teredo, benchmarking
  if (starts_with(a, {0x20, 0x01, 0x0d, 0xb8})) return AddressKind::private_network;  // documentation
  if (starts_with(a, {0x3f, 0xff}) && a[2] < 0x10) return AddressKind::private_network;  // documentation, RFC 9637
  return AddressKind::internet;
}

AddressKind classify6(const in6_addr& address) {
  Bytes16 bytes;
  std::memcpy(bytes.data(), address.s6_addr, bytes.size());
  return classify6(bytes);
}

}  // namespace

AddressKind classify_address(const sockaddr* address, socklen_t length) {
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return classify4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    return classify6(v6.sin6_addr);
  }
  return AddressKind::private_network;
}

std::optional<AddressKind> classify_literal(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string text(host.substr(0, host.find('%')));
  in_addr v4;
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return classify4(ntohl(v4.s_addr));
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return classify6(v6);
  return std::nullopt;
}

bool scope_allows(AddressScope scope, AddressKind kind) {
  switch (scope) {
    case AddressScope::internet: return kind == AddressKind::internet;
    case AddressScope::loopback: return kind != AddressKind::private_network;
    case AddressScope::any: return true;
  }
  return false;
}

const char* describe(AddressKind kind) {
  switch (kind) {
    case AddressKind::internet: return "an address on the internet";
    case AddressKind::loopback: return "a loopback address";
    case AddressKind::private_network: return "an address inside a private network";
  }
  return "an unknown address";
}

std::string address_text(const sockaddr* address, socklen_t length) {
  char text[INET6_ADDRSTRLEN] = "?";
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace lookalike
