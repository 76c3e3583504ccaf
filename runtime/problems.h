// Mistakes in facts and requests: diagnostics with a place or path instead of a span of a policy. Not thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/diagnostics.h"
#include "lictor/error.h"

namespace lictor {

class Problems {
 public:
  /// Past `most`, problems are counted but not kept.
  explicit Problems(size_t most = 100) : most_(most) {}

  Diagnostic& add(Diag id, std::initializer_list<std::string_view> args, Place place = {}, std::string_view hint = {});
  bool any() const { return count_ > 0; }
  bool full() const { return count_ >= most_; }
  /// kInvalid with all that was found. REQUIRES: any().
  Error error(std::string_view what);

 private:
  size_t most_;
  size_t count_ = 0;
  std::vector<Diagnostic> found_;
  Diagnostic spare_;
};

/// "did you mean `x`?" for the nearest of the known names, or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

/// "5 values", "1 value".
std::string counted(uint64_t number, std::string_view thing);

}  // namespace lictor
