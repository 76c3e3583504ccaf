// The strongly connected components of "reads", in order of dependency, are the strata.
#include "compiler/strata.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/graph.h"

namespace lictor {
namespace {

struct Edge {
  uint32_t from, to;  // head, relation that is read
  uint32_t rule;
  bool complete;  // through a negation, forall or aggregate
  Span span;
};

class Stratifier {
 public:
  Stratifier(Program& program, Diagnostics& diagnostics) : program_(program), diagnostics_(diagnostics) {}

  void run() {
    size_t relations = program_.schema.relations.size();
    graph_.resize(relations);
    rules_of_.resize(relations);
    for (uint32_t i = 0; i < program_.rules.size(); ++i) read(i);
    for (auto& targets : graph_) {
      std::sort(targets.begin(), targets.end());
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    }
    component_of_.assign(relations, 0);
    auto components = strongly_connected(graph_);
    for (uint32_t c = 0; c < components.size(); ++c) {
      for (uint32_t relation : components[c]) component_of_[relation] = c;
    }
    for (const auto& component : components) add_stratum(component);
    check_edges(components);
  }

 private:
  void read(uint32_t index) {
    const Rule& rule = program_.rules[index];
    rules_of_[rule.head].push_back(index);
    visit_literals(rule.body, false, [&](const Literal& literal, bool complete) {
      if (literal.kind != Literal::Kind::kAtom) return;
      graph_[rule.head].push_back(literal.relation);
      edges_.push_back({rule.head, literal.relation, index, complete, literal.span});
    });
  }

  void add_stratum(const std::vector<uint32_t>& component) {
    Stratum stratum;
    for (uint32_t relation : component) {
      if (!program_.schema.relations[relation].derived) continue;
      stratum.relations.push_back(relation);
      stratum.rules.insert(stratum.rules.end(), rules_of_[relation].begin(), rules_of_[relation].end());
    }
    if (stratum.relations.empty()) return;
    std::sort(stratum.rules.begin(), stratum.rules.end());
    stratum.recursive = is_cycle(graph_, component);
    program_.strata.push_back(std::move(stratum));
  }

  void check_edges(const std::vector<std::vector<uint32_t>>& components) {
    std::vector<bool> reported(components.size());
    for (const Edge& edge : edges_) {
      uint32_t component = component_of_[edge.from];
      if (!edge.complete || component != component_of_[edge.to] || reported[component]) continue;
      reported[component] = true;
      report(edge, components[component]);
    }
  }

  /// "`p` depends on the absence of itself", then one place per step of the cycle.
  void report(const Edge& edge, const std::vector<uint32_t>& component) {
    const auto& relations = program_.schema.relations;
    std::vector<uint32_t> cycle = shortest_cycle(graph_, component, edge.from, edge.to);
    auto report = diagnostics_.report(Diag::kCycleThroughNot, edge.span);
    report.arg(relations[edge.from].info.name).arg("the absence or the number");
    for (size_t i = 0; i + 1 < cycle.size(); ++i) {
      const Edge* step = i == 0 ? &edge : edge_between(cycle[i], cycle[i + 1]);
      report.related(step->span, "`" + relations[cycle[i]].info.name + "` reads `" + relations[cycle[i + 1]].info.name +
                                     (step->complete ? "`, which must be complete by then" : "`"));
    }
  }

  const Edge* edge_between(uint32_t from, uint32_t to) {
    if (by_ends_.empty()) {
      for (const Edge& edge : edges_) by_ends_.emplace((uint64_t{edge.from} << 32) | edge.to, &edge);
    }
    return by_ends_.at((uint64_t{from} << 32) | to);
  }

  Program& program_;
  Diagnostics& diagnostics_;
  Graph graph_;
  std::vector<Edge> edges_;
  std::unordered_map<uint64_t, const Edge*> by_ends_;
  std::vector<std::vector<uint32_t>> rules_of_;
  std::vector<uint32_t> component_of_;
};

}  // namespace

void stratify(Program& program, Diagnostics& diagnostics) { Stratifier(program, diagnostics).run(); }

}  // namespace lictor
