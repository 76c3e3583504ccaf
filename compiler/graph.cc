// Tarjan's algorithm with the recursion turned into an explicit stack: a chain of a million nodes is no deeper than one.
#include "compiler/graph.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace lictor {
namespace {

constexpr uint32_t kUnseen = UINT32_MAX;

class Tarjan {
 public:
  explicit Tarjan(const Graph& graph)
      : graph_(graph), index_(graph.size(), kUnseen), low_(graph.size()), on_stack_(graph.size()) {}

  std::vector<std::vector<uint32_t>> run() {
    for (uint32_t node = 0; node < graph_.size(); ++node) {
      if (index_[node] == kUnseen) walk(node);
    }
    return std::move(components_);
  }

 private:
  struct Visit {
    uint32_t node;
    size_t edge;
  };

  void enter(uint32_t node) {
    index_[node] = low_[node] = next_++;
    stack_.push_back(node);
    on_stack_[node] = true;
    visits_.push_back({node, 0});
  }

  void walk(uint32_t root) {
    enter(root);
    while (!visits_.empty()) {
      auto [node, edge] = visits_.back();
      if (edge < graph_[node].size()) {
        ++visits_.back().edge;
        follow(node, graph_[node][edge]);
        continue;
      }
      visits_.pop_back();
      if (low_[node] == index_[node]) close(node);
      if (!visits_.empty()) low_[visits_.back().node] = std::min(low_[visits_.back().node], low_[node]);
    }
  }

  void follow(uint32_t node, uint32_t target) {
    if (index_[target] == kUnseen) {
      enter(target);
    } else if (on_stack_[target]) {
      low_[node] = std::min(low_[node], index_[target]);
    }
  }

  void close(uint32_t root) {
    std::vector<uint32_t> component;
    uint32_t node = kUnseen;
    while (node != root) {
      node = stack_.back();
      stack_.pop_back();
      on_stack_[node] = false;
      component.push_back(node);
    }
    std::sort(component.begin(), component.end());
    components_.push_back(std::move(component));
  }

  const Graph& graph_;
  std::vector<uint32_t> index_, low_, stack_;
  std::vector<bool> on_stack_;
  std::vector<Visit> visits_;
  std::vector<std::vector<uint32_t>> components_;
  uint32_t next_ = 0;
};

}  // namespace

std::vector<std::vector<uint32_t>> strongly_connected(const Graph& graph) { return Tarjan(graph).run(); }

bool is_cycle(const Graph& graph, const std::vector<uint32_t>& component) {
  if (component.size() > 1) return true;
  const auto& targets = graph[component.front()];
  return std::find(targets.begin(), targets.end(), component.front()) != targets.end();
}

std::vector<uint32_t> shortest_cycle(const Graph& graph, const std::vector<uint32_t>& component, uint32_t from,
                                     uint32_t to) {
  std::unordered_set<uint32_t> inside(component.begin(), component.end());
  std::unordered_map<uint32_t, uint32_t> came_from{{to, from}};
  std::deque<uint32_t> queue{to};
  while (!queue.empty() && queue.front() != from) {
    uint32_t node = queue.front();
    queue.pop_front();
    for (uint32_t target : graph[node]) {
      if (inside.count(target) != 0 && came_from.emplace(target, node).second) queue.push_back(target);
    }
  }
  std::vector<uint32_t> path{from};
  for (uint32_t node = came_from.at(from); from != to && node != from; node = came_from.at(node)) path.push_back(node);
  if (from == to) return {from, from};
  path.push_back(from);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace lictor
