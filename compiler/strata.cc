// The strongly connected components of "reads", in order of dependency, are the strata.
#include "compiler/strata.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/graph.h"

namespace lictor {
namespace {

constexpr uint32_t kDeepestGranted = 64;  // decisions that ask one another, in a row

/// Nodes are relations, and behind them decisions.
struct Edge {
  uint32_t from, to;  // head or decision, relation that is read or decision that is asked
  bool complete;      // through a negation, forall or aggregate; into or out of a decision
  Span span;
};

class Stratifier {
 public:
  Stratifier(Program& program, Diagnostics& diagnostics) : program_(program), diagnostics_(diagnostics) {}

  void run() {
    size_t nodes = program_.schema.relations.size() + program_.decisions.size();
    graph_.resize(nodes);
    rules_of_.resize(nodes);
    for (uint32_t i = 0; i < program_.rules.size(); ++i) {
      rules_of_[program_.rules[i].head].push_back(i);
      read(program_.rules[i].head, program_.rules[i].body);
    }
    for (uint32_t i = 0; i < program_.decisions.size(); ++i) {
      for (const Clause& clause : program_.decisions[i].clauses) read(decision_node(i), clause.body);
    }
    for (auto& targets : graph_) {
      std::sort(targets.begin(), targets.end());
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    }
    component_of_.assign(nodes, 0);
    auto components = strongly_connected(graph_);
    for (uint32_t c = 0; c < components.size(); ++c) {
      for (uint32_t relation : components[c]) component_of_[relation] = c;
    }
    for (const auto& component : components) add_stratum(component);
    check_edges(components);
    check_depth(components);
  }

 private:
  uint32_t decision_node(uint32_t decision) const {
    return static_cast<uint32_t>(program_.schema.relations.size()) + decision;
  }
  bool is_decision(uint32_t node) const { return node >= program_.schema.relations.size(); }
  const std::string& name(uint32_t node) const {
    if (!is_decision(node)) return program_.schema.relations[node].info.name;
    return program_.decisions[node - program_.schema.relations.size()].info.name;
  }

  void read(uint32_t from, const Body& body) {
    auto edge = [&](uint32_t to, bool complete, Span span) {
      graph_[from].push_back(to);
      edges_.push_back({from, to, complete || is_decision(from) || is_decision(to), span});
    };
    visit_literals(body, false, [&](const Literal& literal, bool complete) {
      if (literal.kind == Literal::Kind::kAtom) edge(literal.relation, complete, literal.span);
      if (literal.kind == Literal::Kind::kTest && literal.expr.op == Op::kGranted)
        edge(decision_node(static_cast<uint32_t>(literal.expr.n)), true, literal.span);
    });
  }

  void add_stratum(const std::vector<uint32_t>& component) {
    Stratum stratum;
    for (uint32_t relation : component) {
      if (is_decision(relation)) continue;
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
    std::vector<uint32_t> cycle = shortest_cycle(graph_, component, edge.from, edge.to);
    auto decision = std::find_if(cycle.begin(), cycle.end(), [&](uint32_t node) { return is_decision(node); });
    auto report =
        diagnostics_.report(decision == cycle.end() ? Diag::kCycleThroughNot : Diag::kDecisionCycle, edge.span);
    if (decision == cycle.end()) {
      report.arg(name(edge.from)).arg("the absence or the number");
    } else {
      std::string way;
      for (uint32_t node : cycle) way += (way.empty() ? "`" : " -> `") + name(node) + "`";
      report.arg(name(*decision)).arg(way);
    }
    for (size_t i = 0; i + 1 < cycle.size(); ++i) {
      const Edge* step = i == 0 ? &edge : edge_between(cycle[i], cycle[i + 1]);
      bool complete = step->complete && !is_decision(cycle[i]) && !is_decision(cycle[i + 1]);
      report.related(step->span, "`" + name(cycle[i]) + (is_decision(cycle[i + 1]) ? "` asks `" : "` reads `") +
                                     name(cycle[i + 1]) + (complete ? "`, which must be complete by then" : "`"));
    }
  }

  /// Each decision that asks another one is evaluated inside of it.
  void check_depth(const std::vector<std::vector<uint32_t>>& components) {
    std::vector<uint32_t> depth(graph_.size());
    for (const auto& component : components) {
      uint32_t deepest = 0;
      for (uint32_t node : component) {
        for (uint32_t to : graph_[node]) deepest = std::max(deepest, depth[to]);
      }
      for (uint32_t node : component) depth[node] = deepest + (is_decision(node) ? 1 : 0);
      bool first = is_decision(component[0]) && depth[component[0]] == kDeepestGranted + 1;
      if (!first || component.size() > 1) continue;
      const Decision& decision = program_.decisions[component[0] - program_.schema.relations.size()];
      diagnostics_.report(Diag::kGrantedTooDeep, decision.info.span)
          .arg(decision.info.name)
          .arg(int64_t{kDeepestGranted});
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
