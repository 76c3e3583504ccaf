// All that is open: documents, and the bundles they belong to. Owned by the server; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/bundle.h"

namespace lictor::lsp {

class Workspace {
 public:
  explicit Workspace(const Options& options) : options_(options) {}

  Encoding encoding = Encoding::kUtf16;
  std::vector<std::string> folders;  // of the client, as paths

  /// A second open of the same document replaces it.
  void open(const std::string& uri, std::string text, int64_t version);
  /// Null where it is not open.
  Document* find(const std::string& uri);
  /// Call after changing a document.
  void changed(const std::string& uri);
  void close(const std::string& uri);
  /// Files on disk may have changed, lictor.toml among them.
  void disk_changed();

  /// The bundle of an open document, or null.
  Bundle* bundle_of(const std::string& uri);
  /// Its state now, or null.
  std::shared_ptr<const View> view_of(const std::string& uri);
  const std::map<Home, std::unique_ptr<Bundle>>& bundles() const { return bundles_; }
  /// Bundles whose last document was closed since; their diagnostics are to be taken back.
  std::vector<std::unique_ptr<Bundle>> take_closed();
  /// Is this bundle the nearest one around the file?
  bool is_home(const Bundle& bundle, const std::string& key) const;
  /// A bundle for every folder of the client that is one, when no document is open.
  void open_folders();

  const Overlay& overlay() const { return overlay_; }
  /// The URI that the client knows the file by.
  std::string uri_of(const std::string& key) const;
  static std::string key_of(const std::string& uri);

 private:
  void assign();

  const Options& options_;
  Overlay overlay_;
  std::map<std::string, Home> homes_;  // of open documents, by key
  std::map<Home, std::unique_ptr<Bundle>> bundles_;
  std::vector<std::unique_ptr<Bundle>> closed_;
};

}  // namespace lictor::lsp
