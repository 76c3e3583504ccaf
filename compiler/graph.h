// Strongly connected components: of lets, of aliases, of relations.
#pragma once

#include <cstdint>
#include <vector>

namespace lictor {

/// By node, the nodes it depends on.
using Graph = std::vector<std::vector<uint32_t>>;

/// The components of `graph`, each before every component that depends on it; members ascending. Linear, not recursive.
std::vector<std::vector<uint32_t>> strongly_connected(const Graph& graph);

/// Does the component depend on itself: more than one member, or an edge from its only member to itself?
bool is_cycle(const Graph& graph, const std::vector<uint32_t>& component);

/// A shortest way from `from` back to itself by edges inside `component` whose first edge leads to `to`: from, to, ...,
/// from. REQUIRES: both are in the component and the edge exists.
std::vector<uint32_t> shortest_cycle(const Graph& graph, const std::vector<uint32_t>& component, uint32_t from,
                                     uint32_t to);

}  // namespace lictor
