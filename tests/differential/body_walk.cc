#include "tests/differential/body_walk.h"

#include <algorithm>

namespace lictor::testing {

namespace {

Slots only(const std::vector<uint32_t>& wanted, const Slots& slots) {
  Slots out(slots.size());
  for (uint32_t slot : wanted) out[slot] = slots[slot];
  return out;
}

}  // namespace

BodyWalk::Walk::Walk(const Frame& frame, Slots slots) {
  scope.slots = std::move(slots);
  scope.slots.resize(frame.variables.size());
  scope.frame = &frame;
  scope.errors = &errors;
  scope.reached = &reached;
}

bool BodyWalk::contains(uint32_t relation, const Row& row) const {
  return naive_.relations_[relation].contains(key_of(naive_.schema_, row));
}

bool BodyWalk::given(uint32_t relation, const Row& row) const {
  return naive_.given_[relation].contains(key_of(naive_.schema_, row));
}

bool BodyWalk::same(const Row& a, const Row& b) const { return key_of(naive_.schema_, a) == key_of(naive_.schema_, b); }

bool BodyWalk::less(const Slots& a, const Slots& b) const {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!a[i] || !b[i]) continue;
    int order = compare(naive_.schema_, *a[i], *b[i]);
    if (order) return order < 0;
  }
  return false;
}

bool BodyWalk::agree(const std::vector<uint32_t>& slots, const Slots& have, const Slots& wanted) const {
  return std::all_of(slots.begin(), slots.end(), [&](uint32_t slot) {
    return slot >= wanted.size() || !wanted[slot] || (have[slot] && same(*have[slot], *wanted[slot]));
  });
}

std::vector<uint32_t> BodyWalk::bound_by(const Body& body, size_t count) {
  std::vector<uint32_t> out;
  for (size_t i = 0; i < count; ++i) {
    const Literal& l = body.literals[i];
    for (const Arg& arg : l.args) {
      if (arg.mode == Arg::Mode::kBind) out.push_back(arg.slot);
    }
    if (l.kind == Literal::Kind::kLet || l.kind == Literal::Kind::kSome) out.push_back(l.slot);
    out.insert(out.end(), l.exports.begin(), l.exports.end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void BodyWalk::match(const Literal& l, const Row& row, Walk& walk, const Then& then) {
  naive_.match(l.args, row, walk.scope, then);
}

void BodyWalk::ways(const Body& body, Walk& walk, const Atoms& atoms, bool each_way, const Then& then) {
  std::function<void(const Body&, size_t, const Then&)> from = [&](const Body& b, size_t at, const Then& done) {
    if (at == b.literals.size()) return done();
    const Literal& l = b.literals[at];
    auto next = [&] { from(b, at + 1, done); };
    bool test = l.kind == Literal::Kind::kExists || (l.kind == Literal::Kind::kOr && l.exports.empty());
    if (l.kind == Literal::Kind::kAtom) {
      atoms(l, [&](const Row& row) { match(l, row, walk, next); });
    } else if (test && !each_way) {
      bool found = false;
      for (const Body& inner : l.bodies) from(inner, 0, [&] { found = true; });
      if (found) next();
    } else if (test || l.kind == Literal::Kind::kOr) {
      for (const Body& inner : l.bodies) from(inner, 0, next);
    } else {
      literal(l, walk, next);
    }
  };
  from(body, 0, then);
}

std::vector<BodyWalk::Row> BodyWalk::tuples(const Literal& l, Walk& walk) {
  std::map<std::string, Row> distinct;
  naive_.solve(l.bodies[0], 0, walk.scope, [&] {
    Row tuple;
    for (const Expr& expr : l.tuple) {
      auto value = eval(expr, walk);
      if (!value) return;
      tuple.push_back(*value);
    }
    distinct.emplace(key_of(naive_.schema_, tuple), tuple);
  });
  std::vector<Row> out;
  for (auto& [k, tuple] : distinct) out.push_back(tuple);
  std::sort(out.begin(), out.end(),
            [&](const Row& a, const Row& b) { return less(Slots(a.begin(), a.end()), Slots(b.begin(), b.end())); });
  return out;
}

// Heights come in rounds: round h derives from rows of less than h, so what it finds first has height h.

BodyWalk::Atoms BodyWalk::below(const Known& known, uint32_t height) {
  return [this, &known, height](const Literal& atom, const std::function<void(const Row&)>& use) {
    for (const auto& [key, row] : naive_.relations_[atom.relation]) {
      auto found = known.find({atom.relation, key});
      if (found != known.end() && found->second.height < height) use(row);
    }
  };
}

void BodyWalk::round(uint32_t number, uint32_t height, const Known& known, Known& found) {
  const Rule& rule = program_.rules[number];
  Walk walk(rule.frame, {});
  std::vector<uint32_t> bound = bound_by(rule.body, rule.body.literals.size());
  ways(rule.body, walk, below(known, height), false, [&] {
    Row row;
    for (const Expr& arg : rule.args) {
      auto value = eval(arg, walk);
      if (!value) return;
      row.push_back(*value);
    }
    std::pair<uint32_t, std::string> key(rule.head, key_of(naive_.schema_, row));
    if (known.contains(key)) return;
    Slots slots = only(bound, walk.scope.slots);
    auto [at, is_new] = found.emplace(key, Canonical{height, number, slots});
    if (!is_new && at->second.rule == number && less(slots, at->second.slots)) at->second.slots = slots;
  });
}

void BodyWalk::rounds(bool request_time, Known& known) {
  uint32_t height = 0;
  for (const auto& [key, canonical] : known) height = std::max(height, canonical.height);
  for (uint32_t r = 0; r < naive_.relations_.size(); ++r) {
    if (naive_.is_request_time(r) != request_time) continue;
    for (const auto& [key, row] : naive_.given_[r]) known.emplace(std::pair(r, key), Canonical{});
  }
  uint32_t highest = height;
  for (height = 1;; ++height) {
    Known found;
    for (uint32_t rule = 0; rule < program_.rules.size(); ++rule) {
      uint32_t head = program_.rules[rule].head, request = program_.schema.relations[head].request;
      bool of_another = request != kNoIndex && request != naive_.request_;
      if (!of_another && naive_.is_request_time(head) == request_time) round(rule, height, known, found);
    }
    known.insert(found.begin(), found.end());
    if (found.empty() && height > highest) return;
  }
}

const BodyWalk::Known& BodyWalk::known(bool with_request) {
  if (!facts_) {
    facts_.emplace();
    rounds(false, *facts_);
  }
  if (!with_request) return *facts_;
  if (!all_) {
    all_ = facts_;
    rounds(true, *all_);
  }
  return *all_;
}

void BodyWalk::forget_request() { all_.reset(); }

const Canonical* BodyWalk::canonical(uint32_t relation, const Row& row) {
  const Known& known = this->known(naive_.is_request_time(relation));
  auto found = known.find({relation, key_of(naive_.schema_, row)});
  return found == known.end() ? nullptr : &found->second;
}

std::optional<Canonical> BodyWalk::canonical_way(const Body& body, const Frame& frame, const Slots& wanted) {
  const Known& known = this->known(true);
  uint32_t highest = 0;
  for (const auto& [key, canonical] : known) highest = std::max(highest, canonical.height);
  std::vector<uint32_t> bound = bound_by(body, body.literals.size());
  for (uint32_t height = 1; height <= highest + 1; ++height) {
    Walk walk(frame, {});
    std::optional<Canonical> best;
    ways(body, walk, below(known, height), false, [&] {
      if (!agree(bound, walk.scope.slots, wanted)) return;
      Slots slots = only(bound, walk.scope.slots);
      if (!best || less(slots, best->slots)) best = Canonical{height, 0, slots};
    });
    if (best) return best;
  }
  return std::nullopt;
}

void BodyWalk::far(const Body& body, size_t at, Walk& walk, const Slots& wanted, Furthest& out) {
  if (at == body.literals.size()) {
    out.holds = true;
    return;
  }
  std::vector<uint32_t> fresh = bound_by({{body.literals[at]}}, 1);
  bool went_on = false;
  literal(body.literals[at], walk, [&] {
    if (!agree(fresh, walk.scope.slots, wanted)) return;
    went_on = true;
    far(body, at + 1, walk, wanted, out);
  });
  if (went_on || (!out.slots.empty() && at < out.literal)) return;
  Slots slots = only(bound_by(body, at), walk.scope.slots);
  slots.resize(walk.scope.slots.size() + 1);  // never empty: empty means none yet
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i]) slots[i] = wanted[i];
  }
  if (out.slots.empty() || at > out.literal || less(slots, out.slots)) {
    out.literal = at;
    out.slots = slots;
  }
}

Furthest BodyWalk::furthest(const Body& body, const Frame& frame, const Slots& wanted) {
  Walk walk(frame, {});
  Furthest out;
  far(body, 0, walk, wanted, out);
  if (!out.slots.empty()) out.slots.pop_back();
  return out;
}

}  // namespace lictor::testing
