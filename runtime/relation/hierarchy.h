// The reflexive transitive closure of `in` over entities. Entities that contain each other (a cycle) share one list, so a
// cycle costs no more than its length. Immutable once built.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace lictor {

class Hierarchy {
 public:
  /// `counts`: instances by entity type; `edges`: (member word, container word), any order, repeats are harmless.
  /// False when the closure would have more than `most` words; the hierarchy is then empty.
  bool build(const std::vector<uint32_t>& counts, const std::vector<std::pair<int64_t, int64_t>>& edges, uint64_t most);

  /// Itself and all that it is in; itself and all that is in it. Ascending. Nothing for entities that are in no edge.
  std::span<const int64_t> containers(int64_t entity) const { return list(up_, entity); }
  std::span<const int64_t> members(int64_t entity) const { return list(down_, entity); }
  /// Is `member` in `container`? Both are entity words; false where either is none.
  bool contains(int64_t container, int64_t member) const;

 private:
  static constexpr uint32_t kNoComponent = UINT32_MAX;
  struct Lists {
    std::vector<uint64_t> offsets;  // by component
    std::vector<int64_t> words;
  };
  uint32_t component(int64_t entity) const;
  std::span<const int64_t> list(const Lists& lists, int64_t entity) const;

  std::vector<uint64_t> first_;      // by type: where its instances begin in component_
  std::vector<uint32_t> component_;  // by instance
  Lists up_, down_;
};

}  // namespace lictor
