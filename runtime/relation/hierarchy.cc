// Components by Tarjan's algorithm with a stack of its own (chains may be as deep as there are entities). It numbers a
// component after all that it reaches, so one pass in that order unites the lists of its containers; members are the same
// lists read the other way.
#include "runtime/relation/hierarchy.h"

#include <algorithm>

#include "compiler/types.h"
#include "runtime/value_table.h"

namespace lictor {
namespace {

/// Outgoing edges in one array.
struct Graph {
  std::vector<uint64_t> offsets;
  std::vector<uint32_t> targets;

  Graph(uint32_t nodes, const std::vector<std::pair<uint32_t, uint32_t>>& edges) : offsets(nodes + 1, 0) {
    for (auto [from, to] : edges) ++offsets[from + 1];
    for (uint32_t i = 0; i < nodes; ++i) offsets[i + 1] += offsets[i];
    targets.resize(edges.size());
    std::vector<uint64_t> next(offsets.begin(), offsets.end());
    for (auto [from, to] : edges) targets[next[from]++] = to;
  }
  std::span<const uint32_t> from(uint32_t node) const {
    return {targets.data() + offsets[node], targets.data() + offsets[node + 1]};
  }
};

/// Component of each node, numbered so that an edge leads to the same or a lower number.
class Components {
 public:
  explicit Components(const Graph& graph, uint32_t nodes)
      : of(nodes, UINT32_MAX), graph_(graph), order_(nodes, 0), low_(nodes, 0) {
    for (uint32_t node = 0; node < nodes; ++node) {
      if (order_[node] == 0) visit(node);
    }
  }
  std::vector<uint32_t> of;
  uint32_t count = 0;

 private:
  struct Frame {
    uint32_t node;
    size_t edge;
  };

  void enter(uint32_t node) {
    order_[node] = low_[node] = ++clock_;
    open_.push_back(node);
    path_.push_back({node, 0});
  }

  void visit(uint32_t root) {
    enter(root);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      uint32_t node = frame.node;
      auto targets = graph_.from(node);
      if (frame.edge < targets.size()) {
        uint32_t target = targets[frame.edge++];
        if (order_[target] == 0) {
          enter(target);
        } else if (of[target] == UINT32_MAX) {
          low_[node] = std::min(low_[node], order_[target]);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) low_[path_.back().node] = std::min(low_[path_.back().node], low_[node]);
      if (low_[node] == order_[node]) close(node);
    }
  }

  void close(uint32_t node) {
    for (;;) {
      uint32_t top = open_.back();
      open_.pop_back();
      of[top] = count;
      if (top == node) break;
    }
    ++count;
  }

  const Graph& graph_;
  std::vector<uint32_t> order_, low_, open_;
  std::vector<Frame> path_;
  uint32_t clock_ = 0;
};

}  // namespace

uint32_t Hierarchy::component(int64_t entity) const {
  if (entity == kNoneWord || is_local(entity)) return kNoComponent;
  uint32_t type = entity_type_of(entity);
  uint32_t number = entity_number_of(entity);
  if (type + 1 >= first_.size() || number == 0 || number > first_[type + 1] - first_[type]) return kNoComponent;
  return component_[first_[type] + number - 1];
}

std::span<const int64_t> Hierarchy::list(const Lists& lists, int64_t entity) const {
  uint32_t at = component(entity);
  if (at == kNoComponent) return {};
  return {lists.words.data() + lists.offsets[at], lists.words.data() + lists.offsets[at + 1]};
}

bool Hierarchy::contains(int64_t container, int64_t member) const {
  if (member == kNoneWord || container == kNoneWord) return false;
  if (member == container) return true;
  auto words = containers(member);
  return std::binary_search(words.begin(), words.end(), container);
}

bool Hierarchy::build(const std::vector<uint32_t>& counts, const std::vector<std::pair<int64_t, int64_t>>& edges,
                      uint64_t most) {
  *this = Hierarchy();
  if (edges.empty()) return true;
  first_.assign(1, 0);
  for (uint32_t count : counts) first_.push_back(first_.back() + count);
  component_.assign(first_.back(), kNoComponent);

  std::vector<int64_t> words;  // the entities that are in some edge, ascending: the nodes
  for (auto [member, container] : edges) {
    words.push_back(member);
    words.push_back(container);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  auto node = [&](int64_t word) {
    return static_cast<uint32_t>(std::lower_bound(words.begin(), words.end(), word) - words.begin());
  };
  std::vector<std::pair<uint32_t, uint32_t>> numbered;
  numbered.reserve(edges.size());
  for (auto [member, container] : edges) numbered.emplace_back(node(member), node(container));
  auto nodes = static_cast<uint32_t>(words.size());
  Graph graph(nodes, numbered);
  Components components(graph, nodes);

  std::vector<std::vector<uint32_t>> inside(components.count);
  for (uint32_t i = 0; i < nodes; ++i) {
    inside[components.of[i]].push_back(i);
    component_[first_[entity_type_of(words[i])] + entity_number_of(words[i]) - 1] = components.of[i];
  }
  up_.offsets.assign(1, 0);
  std::vector<uint64_t> below(components.count, 0);
  for (uint32_t at = 0; at < components.count; ++at) {
    std::vector<int64_t> list;
    std::vector<uint32_t> next;
    for (uint32_t i : inside[at]) {
      list.push_back(words[i]);
      for (uint32_t target : graph.from(i)) {
        if (components.of[target] != at) next.push_back(components.of[target]);
      }
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    for (uint32_t target : next) {
      list.insert(list.end(), up_.words.begin() + static_cast<ptrdiff_t>(up_.offsets[target]),
                  up_.words.begin() + static_cast<ptrdiff_t>(up_.offsets[target + 1]));
    }
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (up_.words.size() + list.size() > most) {
      *this = Hierarchy();
      return false;
    }
    up_.words.insert(up_.words.end(), list.begin(), list.end());
    up_.offsets.push_back(up_.words.size());
  }

  // A component's members: the nodes of every component whose containers hold it, taken at its first node.
  std::vector<std::vector<int64_t>> members(components.count);
  uint64_t total = 0;
  for (uint32_t at = 0; at < components.count; ++at) {
    std::vector<uint32_t> reached;
    for (uint64_t i = up_.offsets[at]; i < up_.offsets[at + 1]; ++i) reached.push_back(component(up_.words[i]));
    std::sort(reached.begin(), reached.end());
    reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    for (uint32_t target : reached) {
      for (uint32_t i : inside[at]) members[target].push_back(words[i]);
      total += inside[at].size();
    }
    if (total > most) {
      *this = Hierarchy();
      return false;
    }
  }
  down_.offsets.assign(1, 0);
  for (auto& list : members) {
    std::sort(list.begin(), list.end());
    down_.words.insert(down_.words.end(), list.begin(), list.end());
    down_.offsets.push_back(down_.words.size());
  }
  return true;
}

}  // namespace lictor
