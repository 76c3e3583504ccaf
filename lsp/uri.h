// file: URIs and paths of this machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lictor::lsp {

/// The absolute, normal path that a `file:` URI names; nothing for other schemes, other hosts and broken escapes.
std::optional<std::string> path_of_uri(std::string_view uri);
/// "file:///a/b%20c.lictor". REQUIRES: an absolute path.
std::string uri_of_path(std::string_view path);

}  // namespace lictor::lsp
