// Proof trees from canonical derivations. A row that the tree has shown already is not shown again in full.
#include "runtime/proof.h"

#include <set>

#include "grammar/big_stack.h"
#include "grammar/text_check.h"
#include "runtime/derivations.h"
#include "runtime/engine_impl.h"
#include "runtime/fact_eval.h"
#include "runtime/near_miss.h"
#include "runtime/proof_text.h"
#include "runtime/request.h"
#include "runtime/values.h"

namespace lictor {
namespace {

constexpr size_t kRowsShown = 5;  // of an aggregate
constexpr size_t kMostNodes = 5000;

class ProofBuilder {
 public:
  explicit ProofBuilder(BodySearch& search) : search_(search), derivations_(search), text_(search) {}

  ProofNode row(uint32_t relation, const Row& row) {
    ProofNode node;
    node.text = text_.row(relation, row);
    node.relation = relation;
    node.row = text_.datums(relation, row);
    if (++nodes_ > kMostNodes) {
      node.kind = ProofNode::Kind::kAbbreviated;
      return node;
    }
    auto derivation = derivations_.of(relation, row);
    if (derivation && derivation->rule == nullptr) return node;  // a fact
    node.rule = search_.snapshot().plan().schema.relations[relation].info.name;
    if (!derivation || !shown_.insert({relation, row}).second) {
      node.kind = ProofNode::Kind::kAbbreviated;
      return node;
    }
    node.kind = ProofNode::Kind::kRule;
    node.place = text_.place(derivation->rule->span);
    BodySearch::Frame frame(search_.state(), derivation->rule->frame);
    take(*derivation, frame);
    node.bindings = text_.bindings(frame);
    size_t next = 0;
    node.children = premises(derivation->rule->body, frame, next);
    return node;
  }

  /// The proof of a clause's instance; of the least height, then of least bindings.
  ProofNode clause(const Clause& clause, const Instance& instance) {
    ProofNode node;
    node.kind = ProofNode::Kind::kClause;
    node.rule = clause.id;
    node.place = text_.place(clause.span);
    node.text = std::string(clause.is_override ? "override " : "") + std::string(outcome_name(clause.outcome)) + " " +
                clause.id + ": " + instance.reason;
    if (instance.erred) return node;
    BodySearch::Frame frame(search_.state(), clause.frame);
    for (size_t i = 0; i < clause.instance.size() && i < instance.bindings.size(); ++i) {
      uint32_t slot = clause.instance[i];
      TypeId type = clause.frame.variables[slot].type;
      const Schema& schema = search_.snapshot().plan().schema;
      frame.give(slot, to_word(schema, *search_.state().values, type, instance.bindings[i].second));
    }
    auto best = derivations_.least_way(clause.body, frame, Derivations::kMostHeight, [] { return true; });
    if (!best) {
      node.kind = ProofNode::Kind::kAbbreviated;
      return node;
    }
    take(*best, frame);
    node.bindings = text_.bindings(frame);
    size_t next = 0;
    node.children = premises(clause.body, frame, next);
    return node;
  }

 private:
  static void take(const Derivation& derivation, BodySearch::Frame& frame) {
    frame.eval.slots = derivation.slots;
    frame.bound = derivation.bound;
    frame.supports = derivation.supports;
  }

  /// `next`: the first support that no literal to the left has used.
  std::vector<ProofNode> premises(const Body& body, BodySearch::Frame& frame, size_t& next) {
    std::vector<ProofNode> out;
    for (const Literal& l : body.literals) out.push_back(premise(l, frame, next));
    return out;
  }

  ProofNode premise(const Literal& l, BodySearch::Frame& frame, size_t& next) {
    ProofNode node;
    node.place = text_.place(l.span);
    node.text = text_.source(l.span);
    switch (l.kind) {
      case Literal::Kind::kAtom: {
        if (next >= frame.supports.size() || frame.supports[next].literal != &l) return node;
        Support support = frame.supports[next++];
        ProofNode proved = row(support.relation, support.row);
        if (proved.place.line == 0) proved.place = node.place;
        return proved;
      }
      case Literal::Kind::kInstance:
        node.kind = ProofNode::Kind::kInstance;
        break;
      case Literal::Kind::kLet:
      case Literal::Kind::kSome:
        node.kind = ProofNode::Kind::kLet;
        break;
      case Literal::Kind::kMember:
      case Literal::Kind::kHierarchy:
        node.kind = ProofNode::Kind::kMember;
        break;
      case Literal::Kind::kNot:
        node.kind = ProofNode::Kind::kAbsent;
        break;
      case Literal::Kind::kTest:
      case Literal::Kind::kForall:
        node.kind = ProofNode::Kind::kTest;
        break;
      case Literal::Kind::kExists:
      case Literal::Kind::kOr:
        node.kind = ProofNode::Kind::kExists;
        nested(l, frame, next, node);
        break;
      case Literal::Kind::kAggregate:
        node.kind = ProofNode::Kind::kAggregate;
        tuples(l, frame, node);
        break;
    }
    with_values(l, frame, node);
    return node;
  }

  void with_values(const Literal& l, BodySearch::Frame& frame, ProofNode& node) {
    bool binds = l.kind == Literal::Kind::kLet || l.kind == Literal::Kind::kSome;
    const std::string* name = binds ? &frame.variables[l.slot].name : nullptr;
    if (binds && name->starts_with('$') && frame.bound[l.slot]) {
      node.text += " = " + text_.value(frame.variables[l.slot].type, frame.eval.slots[l.slot]);
      return;
    }
    std::string values = binds ? text_.variable(l.slot, frame) : text_.values(l, frame);
    if (!values.empty()) node.text += ", with " + values;
  }

  /// The supports that exists and or kept, as children.
  void nested(const Literal& l, BodySearch::Frame& frame, size_t& next, ProofNode& node) {
    std::set<const Literal*> inside;
    std::function<void(const Body&)> add = [&](const Body& body) {
      for (const Literal& inner : body.literals) {
        inside.insert(&inner);
        for (const Body& deeper : inner.bodies) add(deeper);
      }
    };
    for (const Body& body : l.bodies) add(body);
    while (next < frame.supports.size() && inside.contains(frame.supports[next].literal)) {
      Support support = frame.supports[next++];
      node.children.push_back(row(support.relation, support.row));
    }
  }

  /// The first tuples that an aggregate counted, in the order of their values, and how many there were.
  void tuples(const Literal& l, BodySearch::Frame& frame, ProofNode& node) {
    const Schema& schema = search_.snapshot().plan().schema;
    auto less = [&](const Row& a, const Row& b) {
      for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i]) return compare_words(schema, *search_.state().values, l.tuple[i].type, a[i], b[i]) < 0;
      }
      return false;
    };
    std::set<Row, decltype(less)> seen(less);
    search_.aside(l.bodies[0], frame, [&] {
      Row tuple;
      for (const Expr& e : l.tuple) {
        auto word = frame.eval.word(e);
        if (!word) return false;
        tuple.push_back(*word);
      }
      seen.insert(std::move(tuple));
      return false;
    });
    node.total = seen.size();
    for (const Row& tuple : seen) {
      if (node.children.size() == kRowsShown) break;
      node.children.push_back(this->tuple(l, tuple));
    }
    if (seen.size() <= kRowsShown) return;
    ProofNode rest;
    rest.kind = ProofNode::Kind::kAbbreviated;
    rest.text = "and " + std::to_string(seen.size() - kRowsShown) + " more, " + std::to_string(seen.size()) + " in all";
    node.children.push_back(rest);
  }

  ProofNode tuple(const Literal& l, const Row& words) {
    const Schema& schema = search_.snapshot().plan().schema;
    ProofNode node;
    node.kind = ProofNode::Kind::kTuple;
    for (size_t i = 0; i < words.size(); ++i) {
      node.row.push_back(to_datum(schema, *search_.state().values, l.tuple[i].type, words[i]));
      node.text += (i ? ", " : "") + show_source(schema, node.row.back());
    }
    return node;
  }

  BodySearch& search_;
  Derivations derivations_;
  ProofText text_;
  std::set<std::pair<uint32_t, Row>> shown_;
  size_t nodes_ = 0;
};

void render_into(const ProofNode& node, const std::string& indent, const std::string& head, std::string& out) {
  static const char* const marks[] = {"", "", "", "", "absent: ", "", "", "", "", "", "", "", "..."};
  out += indent + head + marks[static_cast<int>(node.kind)] + printable(node.text);
  if (node.kind == ProofNode::Kind::kRule || node.kind == ProofNode::Kind::kClause) {
    if (node.place.line) out += "  (" + node.place.file + ":" + std::to_string(node.place.line) + ")";
  }
  out += "\n";
  std::string inner = indent + (head.empty() ? "" : head == "└─ " ? "   " : "│  ");
  for (size_t i = 0; i < node.children.size(); ++i) {
    render_into(node.children[i], inner, i + 1 == node.children.size() ? "└─ " : "├─ ", out);
  }
}

}  // namespace

Explanation explain(Engine& engine, BoundRequest& request, int64_t now) {
  Explanation out;
  out.decision = engine.evaluate(request, now);
  BoundRequest::State& state = request.state();
  const DecisionPlan& plan = state.plan->decisions[state.decision];
  if (!state.broken.empty()) {
    out.proof.kind = ProofNode::Kind::kDefault;
    out.proof.text = out.decision.winner.reason;
    return out;
  }
  run_on_big_stack(kBigStack, [&] {
    state.begin(now, engine.impl().options.limits);
    BodySearch search(state.eval, *state.snapshot);
    if (out.decision.winner.clause < 0) {
      out.proof.kind = ProofNode::Kind::kDefault;
      out.proof.text = "default " + std::string(outcome_name(out.decision.outcome)) + ": " + out.decision.winner.reason;
      out.proof.place = ProofText(search).place(plan.decision.span);
    } else {
      out.proof = ProofBuilder(search).clause(plan.clauses[static_cast<size_t>(out.decision.winner.clause)].clause,
                                              out.decision.winner);
    }
    if (out.decision.outcome != ast::Outcome::kAllow) out.near_misses = near_misses(search, plan, out.decision);
  });
  return out;
}

Result<ProofNode> prove(Engine& engine, uint32_t relation, const std::vector<Datum>& row) {
  std::shared_ptr<const Snapshot> snapshot = engine.snapshot();
  const Schema& schema = snapshot->plan().schema;
  if (schema.relations[relation].time == BindingTime::kRequest) {
    const RelationDecl& decl = schema.relations[relation];
    return fail(ErrorKind::kUsage,
                "`" + decl.info.name + "` depends on " + (decl.request == kNoIndex ? "`now`" : "a request"));
  }
  FactEval facts(engine, *snapshot);
  Row words;
  for (size_t c = 0; c < row.size(); ++c)
    words.push_back(to_word(schema, facts.values, schema.relations[relation].columns[c].type, row[c]));
  if (!snapshot->rows(relation).find(words.data())) return fail(ErrorKind::kNotFound, "the row does not hold");
  ProofNode out;
  run_on_big_stack(kBigStack, [&] {
    BodySearch search(facts.state, *snapshot);
    out = ProofBuilder(search).row(relation, words);
  });
  return out;
}

std::string render(const Schema&, const ProofNode& node) {
  std::string out;
  render_into(node, "", "", out);
  return out;
}

}  // namespace lictor
