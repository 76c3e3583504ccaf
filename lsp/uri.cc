#include "lsp/uri.h"

#include <fmt/format.h>

#include <filesystem>

namespace lictor::lsp {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_plain(char c) {
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> path_of_uri(std::string_view uri) {
  for (std::string_view prefix : {"file://localhost/", "file:///"}) {
    if (!uri.starts_with(prefix)) continue;
    std::string path = "/";
    for (size_t i = prefix.size(); i < uri.size(); ++i) {
      if (uri[i] != '%') {
        path += uri[i];
        continue;
      }
      int high = i + 2 < uri.size() ? hex_digit(uri[i + 1]) : -1, low = i + 2 < uri.size() ? hex_digit(uri[i + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
      path += static_cast<char>(high * 16 + low);
      i += 2;
    }
    return std::filesystem::path(path).lexically_normal().string();
  }
  return std::nullopt;
}

std::string uri_of_path(std::string_view path) {
  std::string out = "file://";
  for (char c : path) {
    if (is_plain(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace lictor::lsp
