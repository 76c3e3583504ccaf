#include "tests/differential/proof_check.h"

#include <algorithm>

namespace lictor::testing {

namespace {

using Kind = ProofNode::Kind;

constexpr size_t kTuplesShown = 5;
constexpr size_t kMostNodes = 5000;  // beyond these a proof may leave rows unproved

bool is_row(const ProofNode& node) { return node.relation != kNoIndex; }

/// Names that proofs state: `_x` and what the checker invented stay out.
bool shown(const Variable& variable) {
  return !variable.name.empty() && variable.name[0] != '$' && variable.name[0] != '_';
}

Kind kind_of(Literal::Kind kind) {
  switch (kind) {
    case Literal::Kind::kAtom:
      return Kind::kFact;
    case Literal::Kind::kInstance:
      return Kind::kInstance;
    case Literal::Kind::kLet:
    case Literal::Kind::kSome:
      return Kind::kLet;
    case Literal::Kind::kMember:
    case Literal::Kind::kHierarchy:
      return Kind::kMember;
    case Literal::Kind::kNot:
      return Kind::kAbsent;
    case Literal::Kind::kTest:
    case Literal::Kind::kForall:
      return Kind::kTest;
    case Literal::Kind::kExists:
    case Literal::Kind::kOr:
      return Kind::kExists;
    case Literal::Kind::kAggregate:
      return Kind::kAggregate;
  }
  return Kind::kAbbreviated;
}

}  // namespace

void ProofChecker::begin() {
  complaints_.clear();
  full_.clear();
  referred_.clear();
  size_ = 0;
}

void ProofChecker::complain(const ProofNode& node, const std::string& what) {
  complaints_ += what + ": " + node.text + "\n";
}

bool ProofChecker::at(const Place& place, Span span) const {
  Place wanted = sources_.place(span);
  return place.file == wanted.file && place.line == wanted.line && place.column == wanted.column &&
         place.end_line == wanted.end_line && place.end_column == wanted.end_column;
}

// Rows.

void ProofChecker::row_node(const ProofNode& node) {
  ++size_;
  if (node.relation >= program_.schema.relations.size() ||
      node.row.size() != program_.schema.relations[node.relation].columns.size())
    return complain(node, "no row of any relation");
  if (!walk_.contains(node.relation, node.row)) return complain(node, "the row does not hold");
  std::string text;
  for (const Datum& value : node.row) text += (text.empty() ? "" : ", ") + show_source(program_.schema, value);
  if (node.text != program_.schema.relations[node.relation].info.name + "(" + text + ")")
    complain(node, "its text is another row's");
  const Canonical* canonical = walk_.canonical(node.relation, node.row);
  if (!canonical) return complain(node, "the model itself cannot prove the row");
  switch (node.kind) {
    case Kind::kFact:
      if (canonical->height != 0) complain(node, "not a fact");
      if (!node.children.empty()) complain(node, "a fact rests on nothing");
      return;
    case Kind::kAbbreviated:
      referred_.push_back(&node);
      return;
    case Kind::kRule:
      return rule_node(node, *canonical);
    default:
      complain(node, "not a kind of row");
  }
}

void ProofChecker::rule_node(const ProofNode& node, const Canonical& canonical) {
  if (!full_.emplace(Key(node.relation, key_of(program_.schema, node.row)), &node).second)
    complain(node, "shown in full twice");
  if (canonical.height == 0) complain(node, "a fact proved by a rule");
  if (node.rule != program_.schema.relations[node.relation].info.name) complain(node, "named after another relation");
  auto rule = std::find_if(program_.rules.begin(), program_.rules.end(),
                           [&](const Rule& r) { return r.head == node.relation && at(node.place, r.span); });
  if (rule == program_.rules.end()) return complain(node, "no rule of this relation stands there");
  bool chosen = canonical.height != 0 && static_cast<size_t>(rule - program_.rules.begin()) == canonical.rule;
  if (!chosen) complain(node, "not the canonical rule");
  instance(rule->body, rule->frame, node, chosen ? canonical.slots : Slots(), [&](BodyWalk::Walk& walk) {
    for (size_t c = 0; c < rule->args.size(); ++c) {
      auto value = walk_.eval(rule->args[c], walk);
      if (!value || !walk_.same(*value, node.row[c])) return false;
    }
    return true;
  });
  children(node);
}

void ProofChecker::children(const ProofNode& node) {
  for (const ProofNode& child : node.children) {
    if (is_row(child))
      row_node(child);
    else if (child.kind == Kind::kExists)
      children(child);
  }
}

/// Does a row rest on itself? A row that is only referred to leads to where it is shown.
void ProofChecker::circle(const Key& from, const ProofNode& node, std::map<Key, int>& state) {
  state[from] = 1;
  std::function<void(const ProofNode&)> look = [&](const ProofNode& parent) {
    for (const ProofNode& child : parent.children) {
      if (!is_row(child)) {
        look(child);
        continue;
      }
      auto next = full_.find(Key(child.relation, key_of(program_.schema, child.row)));
      if (next == full_.end()) continue;
      int seen = state[next->first];
      if (seen == 1) complain(child, "proved from itself");
      if (seen == 0) circle(next->first, *next->second, state);
    }
  };
  look(node);
  state[from] = 2;
}

std::string ProofChecker::end() {
  for (const ProofNode* node : referred_) {
    bool found = full_.contains(Key(node->relation, key_of(program_.schema, node->row)));
    if (!found && size_ <= kMostNodes) complain(*node, "not proved anywhere");
    if (!node->children.empty()) complain(*node, "a reference has no children");
  }
  std::map<Key, int> state;
  for (const auto& [key, node] : full_) {
    if (state[key] == 0) circle(key, *node, state);
  }
  return complaints_;
}

std::string ProofChecker::row(uint32_t relation, const std::vector<Datum>& row, const ProofNode& proof) {
  begin();
  if (proof.relation != relation || !walk_.same(proof.row, row)) complain(proof, "the proof of another row");
  row_node(proof);
  return end();
}

// Instances of rules and clauses.

bool ProofChecker::premises_fit(const Body& body, const ProofNode& node) {
  if (node.children.size() != body.literals.size()) {
    complain(node, "a premise is missing, or one too many");
    return false;
  }
  for (size_t i = 0; i < body.literals.size(); ++i) {
    const Literal& l = body.literals[i];
    const ProofNode& child = node.children[i];
    if (l.kind == Literal::Kind::kAtom) {
      bool placed = child.kind == Kind::kRule || at(child.place, l.span);
      if (child.relation == l.relation && placed) continue;
    } else if (child.kind == kind_of(l.kind) && at(child.place, l.span) && !is_row(child)) {
      continue;
    }
    complain(child, "not the premise that stands here");
    return false;
  }
  return true;
}

void ProofChecker::instance(const Body& body, const Frame& frame, const ProofNode& node, const Slots& canonical,
                            const std::function<bool(BodyWalk::Walk&)>& head) {
  if (!premises_fit(body, node)) return;
  std::vector<uint32_t> slots = BodyWalk::bound_by(body, body.literals.size());
  bool holds = false, stated = false, made = false, least = canonical.empty();
  BodyWalk::Walk walk(frame, {});
  premises(body, 0, node.children, walk, [&] {
    holds = true;
    if (!bound(frame, slots, walk.scope.slots, node.bindings)) return;
    stated = true;
    if (!head(walk)) return;
    made = true;
    least = least || std::all_of(slots.begin(), slots.end(), [&](uint32_t slot) {
              return canonical[slot] && walk_.same(*canonical[slot], *walk.scope.slots[slot]);
            });
  });
  if (!holds) return complain(node, "its premises do not hold together");
  if (!stated) return complain(node, "its bindings are not those of its premises");
  if (!made) return complain(node, "it concludes something else");
  if (!least) complain(node, "not the least bindings");
}

/// `then` for every way to make the body hold with the rows of the nodes in the place of its atoms.
void ProofChecker::premises(const Body& body, size_t at, const Nodes& nodes, BodyWalk::Walk& walk, const Then& then) {
  if (at == body.literals.size()) return then();
  const Literal& l = body.literals[at];
  auto next = [&] { premises(body, at + 1, nodes, walk, then); };
  if (l.kind == Literal::Kind::kAtom) {
    if (nodes[at].row.size() == l.args.size()) walk_.match(l, nodes[at].row, walk, next);
  } else if (l.kind == Literal::Kind::kExists || l.kind == Literal::Kind::kOr) {
    inside(l, nodes[at].children, walk, next);
  } else if (l.kind == Literal::Kind::kAggregate) {
    walk_.literal(l, walk, [&] {
      if (tuples(l, nodes[at], walk)) next();
    });
  } else {
    walk_.literal(l, walk, next);
  }
}

/// An `exists` or `or`: its children are the rows of one way to make it hold, those of nested ones among them.
void ProofChecker::inside(const Literal& l, const Nodes& supports, BodyWalk::Walk& walk, const Then& then) {
  size_t used = 0;
  auto atoms = [&](const Literal& atom, const std::function<void(const BodyWalk::Row&)>& use) {
    if (used == supports.size() || supports[used].relation != atom.relation) return;
    const ProofNode& support = supports[used++];
    if (support.row.size() == atom.args.size()) use(support.row);
    --used;
  };
  for (const Body& body : l.bodies) {
    walk_.ways(body, walk, atoms, true, [&] {
      if (used == supports.size()) then();
    });
  }
}

bool ProofChecker::tuples(const Literal& l, const ProofNode& node, BodyWalk::Walk& walk) {
  std::vector<BodyWalk::Row> wanted = walk_.tuples(l, walk);
  size_t count = std::min(wanted.size(), kTuplesShown);
  bool more = wanted.size() > kTuplesShown;
  if (node.total != wanted.size() || node.children.size() != count + (more ? 1 : 0)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (node.children[i].kind != Kind::kTuple || !walk_.same(node.children[i].row, wanted[i])) return false;
  }
  return !more || node.children.back().kind == Kind::kAbbreviated;
}

/// Are the stated bindings those of the shown variables among the slots, each once and in order?
bool ProofChecker::bound(const Frame& frame, const std::vector<uint32_t>& slots, const Slots& values,
                         const Bindings& stated) const {
  size_t next = 0;
  for (uint32_t slot : slots) {
    const Variable& variable = frame.variables[slot];
    if (!shown(variable)) continue;
    if (next == stated.size() || stated[next].first != variable.name || !values[slot] ||
        !walk_.same(stated[next].second, *values[slot]))
      return false;
    ++next;
  }
  return next == stated.size();
}

std::string ProofChecker::decision(uint32_t number, const NaiveDecision& wanted, const ProofNode& proof) {
  begin();
  const Decision& decision = program_.decisions[number];
  if (wanted.winner.clause < 0) {
    if (proof.kind != Kind::kDefault || !at(proof.place, decision.span)) complain(proof, "the default decided");
    if (!proof.children.empty() || !proof.bindings.empty()) complain(proof, "the default rests on nothing");
    return end();
  }
  const Clause& clause = decision.clauses[static_cast<size_t>(wanted.winner.clause)];
  if (proof.kind != Kind::kClause || proof.rule != clause.id || !at(proof.place, clause.span)) {
    complain(proof, "not the clause that decided, `" + clause.id + "`");
    return end();
  }
  if (proof.text != wanted.winner.text() && !wanted.winner.erred) complain(proof, "its text is another answer's");
  if (wanted.winner.erred) {
    if (!proof.children.empty()) complain(proof, "a clause that erred has no proof");
    return end();
  }
  Slots given(clause.frame.variables.size());
  for (size_t i = 0; i < clause.instance.size(); ++i) given[clause.instance[i]] = wanted.winner.values[i];
  auto canonical = walk_.canonical_way(clause.body, clause.frame, given);
  if (!canonical) complain(proof, "the model itself cannot prove the clause");
  instance(clause.body, clause.frame, proof, canonical ? canonical->slots : Slots(), [&](BodyWalk::Walk& walk) {
    auto message = walk_.eval(clause.message, walk);
    return message && message->text == wanted.winner.reason;
  });
  children(proof);
  return end();
}

}  // namespace lictor::testing
