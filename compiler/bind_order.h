// The canonical order of a body's literals: written order, except that a literal which needs a variable not yet bound
// waits until it is bound; always the leftmost ready literal is next. O(n log n) in literals and needs.
#pragma once

#include <cstdint>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lictor {

class BindOrder {
 public:
  explicit BindOrder(size_t literals) : waiting_for_(literals), done_(literals) {}

  /// Literal `literal` has to wait for `name`. Naming one twice does no harm.
  void need(uint32_t literal, std::string_view name);
  /// Call once, after all needs.
  void start();
  /// The leftmost ready literal, or SIZE_MAX when none is ready. It is then done, unless put back by postpone().
  size_t next();
  /// `name` has a value from now on.
  void bound(std::string_view name);
  /// The literal that next() gave must wait for `name` after all.
  void postpone(uint32_t literal, std::string_view name);
  bool is_bound(std::string_view name) const { return bound_.count(name) != 0; }
  /// The leftmost literal that is not done, or SIZE_MAX when all are.
  size_t leftmost_waiting();

 private:
  std::vector<uint32_t> waiting_for_;  // by literal: how many names are missing
  std::vector<bool> done_;
  std::unordered_map<std::string_view, std::vector<uint32_t>> waiters_;
  std::unordered_map<std::string_view, bool> bound_;
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> ready_;
  size_t first_open_ = 0;
};

}  // namespace lictor
