// Object files on disk, by fingerprint. Best effort: what cannot be read, or is not exactly what was written, is no hit;
// what cannot be written is not kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/llvm/fingerprint.h"

namespace lictor::native {

/// A file holds: magic (8 bytes), key (32), SHA-256 of key and object (32), the object. It counts only where file and folder are
/// the caller's own and nobody else may write them.
class ObjectCache {
 public:
  /// Empty `folder`: never a hit, nothing is kept.
  explicit ObjectCache(std::string folder) : folder_(std::move(folder)) {}
  std::optional<std::string> load(const Digest& key) const;
  /// Makes the folder where it is missing (mode 0700); the file appears whole or not at all (mode 0600). Of many files the
  /// oldest go.
  void store(const Digest& key, std::string_view object) const;
  std::string path(const Digest& key) const;

 private:
  bool folder_is_ours() const;
  void prune() const;

  std::string folder_;
};

}  // namespace lictor::native
