#include "runtime/body_search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compiler/core_walk.h"
#include "runtime/aggregate.h"
#include "runtime/request_relations.h"
#include "runtime/values.h"

namespace lictor {

bool BodySearch::Frame::knows(const Expr& expr) const {
  return !any_node(expr, [&](const Expr& e) { return e.op == Op::kSlot && !bound[static_cast<size_t>(e.n)]; });
}

bool BodySearch::solve(const Body& body, Frame& frame, const Then& then, const Failed& failed) {
  return from(body, 0, frame, then, failed);
}

bool BodySearch::from(const Body& body, size_t at, Frame& frame, const Then& then, const Failed& failed) {
  if (++steps > most_steps) return true;
  if (at == body.literals.size()) {
    if (watcher != nullptr) watcher->held(body);
    return then();
  }
  bool went_on = false;
  bool enough = literal(body.literals[at], frame, [&] {
    went_on = true;
    return from(body, at + 1, frame, then, failed);
  });
  if (!went_on && watcher != nullptr && !exhausted()) watcher->failed(body, at);
  if (!went_on && failed) failed(at);
  return enough;
}

/// Binds a variable for the rest of the search, or tests it where it is bound already.
bool BodySearch::bind(uint32_t slot, int64_t word, Frame& frame, const Then& then) {
  if (frame.bound[slot]) return frame.eval.slots[slot] == word && then();
  frame.give(slot, word);
  bool enough = then();
  if (!enough) frame.bound[slot] = false;
  return enough;
}

/// Matches the columns one after the other: a later column may test what an earlier one bound.
bool BodySearch::match(const std::vector<const Arg*>& args, const Row& row, Frame& frame, const Then& then) {
  std::vector<uint32_t> fresh;
  bool fits = true;
  for (size_t i = 0; i < args.size() && fits; ++i) {
    if (args[i]->mode == Arg::Mode::kIgnore) continue;
    if (args[i]->mode == Arg::Mode::kMatch) {
      auto word = frame.eval.word(args[i]->expr);
      fits = word && *word == row[i];
    } else if (frame.bound[args[i]->slot]) {
      fits = frame.eval.slots[args[i]->slot] == row[i];
    } else {
      frame.give(args[i]->slot, row[i]);
      fresh.push_back(args[i]->slot);
    }
  }
  bool enough = fits && then();
  if (!enough) {
    for (uint32_t slot : fresh) frame.bound[slot] = false;
  }
  return enough;
}

bool BodySearch::is_view(uint32_t relation) const {
  const Plan& plan = snapshot_.plan();
  if (plan.schema.relations[relation].time != BindingTime::kRequest) return false;
  return std::none_of(plan.request_strata.begin(), plan.request_strata.end(), [&](const StratumPlan& s) {
    return std::find(s.relations.begin(), s.relations.end(), relation) != s.relations.end();
  });
}

namespace {

bool agrees(const Row& row, const std::vector<bool>& known, const Row& words) {
  for (size_t c = 0; c < row.size(); ++c) {
    if (known[c] && row[c] != words[c]) return false;
  }
  return true;
}

}  // namespace

bool BodySearch::each_row(uint32_t relation, const std::vector<bool>& known, const Row& words,
                          const std::function<bool(const Row&)>& visit) {
  if (is_view(relation)) return view_rows(relation, known, words, visit);
  const Plan& plan = snapshot_.plan();
  const RelationView* view = &snapshot_.view().relations[relation];
  if (plan.schema.relations[relation].time == BindingTime::kRequest) {
    if (state_.request == nullptr || !state_.request->reach(state_, relation)) return false;
    view = state_.request->relation(relation);
  } else {
    for (uint32_t i = 0; i < plan.indexes.size(); ++i) {  // any index whose columns are all known
      const Index& index = plan.indexes[i];
      if (index.relation != relation) continue;
      if (!std::all_of(index.columns.begin(), index.columns.end(), [&](uint32_t c) { return known[c]; })) continue;
      Row key;
      for (uint32_t c : index.columns) key.push_back(words[c]);
      const IndexView& lookup = snapshot_.view().indexes[i];
      if (lookup.offsets == nullptr && lookup.hash == nullptr) continue;  // its relation is still being derived
      uint32_t end = 0;
      for (uint32_t at = probe(lookup, key.data(), &end); at != end; ++at) {
        ++steps;
        const int64_t* found =
            view->rows + static_cast<size_t>(lookup.unique ? at - 1 : lookup.permutation[at]) * view->arity;
        Row row(found, found + view->arity);
        if (agrees(row, known, words) && visit(row)) return true;
      }
      return false;
    }
  }
  for (uint32_t r = 0; r < view->count; ++r) {
    if (++steps > most_steps) return true;
    const int64_t* found = view->rows + static_cast<size_t>(r) * view->arity;
    Row row(found, found + view->arity);
    if (agrees(row, known, words) && visit(row)) return true;
  }
  return false;
}

bool BodySearch::unify_head(const Rule& rule, const Row& row, Frame& frame) {
  for (size_t c = 0; c < row.size(); ++c) {
    const Expr& head = rule.args[c];
    if (head.op == Op::kSlot) {
      auto slot = static_cast<uint32_t>(head.n);
      if (frame.bound[slot] && frame.eval.slots[slot] != row[c]) return false;
      frame.give(slot, row[c]);
    } else if (head.op == Op::kConst) {
      auto word = frame.eval.word(head);
      if (!word || *word != row[c]) return false;
    }
  }
  return true;
}

bool BodySearch::makes(const Rule& rule, const Row& row, Frame& frame) {
  for (size_t c = 0; c < row.size(); ++c) {
    auto word = frame.eval.word(rule.args[c]);
    if (!word || *word != row[c]) return false;
  }
  return true;
}

bool BodySearch::view_rows(uint32_t relation, const std::vector<bool>& known, const Row& words,
                           const std::function<bool(const Row&)>& visit) {
  std::set<Row> seen;
  const RelationView& base = snapshot_.view().relations[relation];
  for (uint32_t r = 0; r < base.count; ++r) {
    Row row(base.rows + static_cast<size_t>(r) * base.arity, base.rows + static_cast<size_t>(r + 1) * base.arity);
    if (agrees(row, known, words) && seen.insert(row).second && visit(row)) return true;
  }
  for (const Rule& rule : snapshot_.plan().rules) {
    if (rule.head != relation) continue;
    Frame frame(state_, rule.frame);
    bool fits = true;
    for (size_t c = 0; c < known.size() && fits; ++c) {
      const Expr& head = rule.args[c];
      if (!known[c]) continue;
      if (head.op == Op::kSlot) {
        auto slot = static_cast<uint32_t>(head.n);
        fits = !frame.bound[slot] || frame.eval.slots[slot] == words[c];
        frame.give(slot, words[c]);
      } else if (head.op == Op::kConst) {
        fits = frame.eval.word(head) == words[c];
      }
    }
    if (!fits) continue;
    bool enough = solve(rule.body, frame, [&] {
      Row row;
      for (const Expr& head : rule.args) {
        auto word = frame.eval.word(head);
        if (!word) return false;
        row.push_back(*word);
      }
      return agrees(row, known, words) && seen.insert(row).second && visit(row);
    });
    if (enough) return true;
  }
  return false;
}

bool BodySearch::atom(const Literal& l, Frame& frame, const Then& then) {
  std::vector<bool> known(l.args.size());
  Row words(l.args.size());
  std::vector<const Arg*> args;
  for (size_t c = 0; c < l.args.size(); ++c) {
    const Arg& arg = l.args[c];
    args.push_back(&arg);
    std::optional<int64_t> word;
    if (arg.mode == Arg::Mode::kBind && frame.bound[arg.slot]) word = frame.eval.slots[arg.slot];
    if (arg.mode == Arg::Mode::kMatch) {
      // a column may test what an earlier column of the same atom binds: then it is compared row by row
      if (frame.knows(arg.expr)) {
        word = frame.eval.word(arg.expr);
        if (!word) return false;
      }
    }
    known[c] = word.has_value();
    if (word) words[c] = *word;
  }
  return each_row(l.relation, known, words, [&](const Row& row) {
    return match(args, row, frame, [&] {
      frame.supports.push_back({&l, l.relation, row});
      bool enough = then();
      if (!enough) frame.supports.pop_back();
      return enough;
    });
  });
}

bool BodySearch::aside(const Body& body, Frame& frame, const Then& then) {
  std::vector<bool> before = frame.bound;
  size_t supports = frame.supports.size();
  const Weigh* weigh = std::exchange(frame.weigh, nullptr);
  bool enough = solve(body, frame, then);
  frame.weigh = weigh;
  frame.supports.resize(supports);
  frame.bound = before;
  return enough;
}

bool BodySearch::holds(const Body& body, Frame& frame) {
  return aside(body, frame, [] { return true; });
}

/// `then` once, with the supports of the lightest way in which a body of the literal holds.
bool BodySearch::one_way(const Literal& l, Frame& frame, const Then& then) {
  std::vector<bool> before = frame.bound;
  size_t from = frame.supports.size();
  std::optional<uint32_t> least;
  std::vector<Support> best;
  for (const Body& body : l.bodies) {
    bool enough = solve(body, frame, [&] {
      std::optional<uint32_t> weight = frame.weigh ? (*frame.weigh)(frame.supports, from) : 0;
      if (!weight || (least && *least <= *weight)) return false;
      least = weight;
      best.assign(frame.supports.begin() + static_cast<ptrdiff_t>(from), frame.supports.end());
      return *weight == 0;
    });
    frame.supports.resize(from);
    frame.bound = before;
    if (enough) break;
  }
  if (!least) return exhausted();
  frame.supports.insert(frame.supports.end(), best.begin(), best.end());
  bool enough = then();
  if (!enough) frame.supports.resize(from);
  return enough;
}

/// Goes on to the right of an `or` with no more bound than what it exports.
bool BodySearch::without_locals(const Literal& l, const std::vector<bool>& before, Frame& frame, const Then& then) {
  std::vector<bool> inside = frame.bound;
  frame.bound = before;
  for (uint32_t slot : l.exports) frame.bound[slot] = inside[slot];
  if (then()) return true;
  frame.bound = std::move(inside);
  return false;
}

bool BodySearch::alternatives(const Literal& l, Frame& frame, const Then& then) {
  if (l.exports.empty()) return one_way(l, frame, then);  // one way is enough for a test
  const std::vector<bool> before = frame.bound;
  return std::any_of(l.bodies.begin(), l.bodies.end(), [&](const Body& body) {
    return solve(body, frame, [&] { return without_locals(l, before, frame, then); });
  });
}

bool BodySearch::literal(const Literal& l, Frame& frame, const Then& then) {
  switch (l.kind) {
    case Literal::Kind::kAtom:
      return atom(l, frame, then);
    case Literal::Kind::kInstance: {
      uint32_t count = snapshot_.view().entities[l.relation].count;
      for (uint32_t n = 1; n <= count; ++n) {
        if (++steps > most_steps) return true;
        if (match({&l.args[0]}, {entity_word(l.relation, n)}, frame, then)) return true;
      }
      return false;
    }
    case Literal::Kind::kTest: {
      auto word = frame.eval.word(l.expr);
      return word && *word != 0 && then();
    }
    case Literal::Kind::kLet:
    case Literal::Kind::kSome: {
      auto word = frame.eval.word(l.expr);
      if (!word || (l.kind == Literal::Kind::kSome && *word == kNoneWord)) return false;
      return bind(l.slot, *word, frame, then);
    }
    case Literal::Kind::kMember:
      return member(l, frame, then);
    case Literal::Kind::kHierarchy:
      return hierarchy(l, frame, then);
    case Literal::Kind::kNot:
      return !holds(l.bodies[0], frame) && then();
    case Literal::Kind::kExists:
      return one_way(l, frame, then);
    case Literal::Kind::kForall:
      return !aside(l.bodies[0], frame, [&] { return !holds(l.bodies[1], frame); }) && then();
    case Literal::Kind::kOr:
      return alternatives(l, frame, then);
    case Literal::Kind::kAggregate:
      return aggregate(l, frame, then);
  }
  return false;
}

bool BodySearch::member(const Literal& l, Frame& frame, const Then& then) {
  auto collection = frame.eval.word(l.expr);
  if (!collection) return false;
  auto span = state_.values->compound(*collection);
  Row words(span.begin(), span.end());
  bool map = base_kind(snapshot_.plan().schema, l.expr.type) == TypeKind::kMap;
  std::vector<const Arg*> args;
  for (const Arg& arg : l.args) args.push_back(&arg);
  for (size_t i = 0; i < words.size(); i += map ? 2 : 1) {
    Row row = {words[i]};
    if (map && args.size() == 2) row.push_back(words[i + 1]);
    if (!map && args.size() == 2) row = {static_cast<int64_t>(i), words[i]};
    if (match(args, row, frame, then)) return true;
  }
  return false;
}

bool BodySearch::hierarchy(const Literal& l, Frame& frame, const Then& then) {
  auto known = [&](const Arg& arg) -> std::optional<int64_t> {
    if (arg.mode == Arg::Mode::kMatch) return frame.eval.word(arg.expr);
    if (arg.mode == Arg::Mode::kBind && frame.bound[arg.slot]) return frame.eval.slots[arg.slot];
    return std::nullopt;
  };
  std::optional<int64_t> item = known(l.args[0]), container = known(l.args[1]);
  bool members = !item;  // x in G: the members of G
  std::optional<int64_t> fixed = members ? container : item;
  const Arg& open = l.args[members ? 0 : 1];
  if (!fixed || *fixed == kNoneWord || open.mode == Arg::Mode::kIgnore) return fixed && *fixed != kNoneWord && then();
  auto span = members ? state_.hierarchy->members(*fixed) : state_.hierarchy->containers(*fixed);
  Row found(span.begin(), span.end());
  if (found.empty()) found.push_back(*fixed);
  bool both = item && container;
  for (int64_t word : found) {
    if (!both && open.mode == Arg::Mode::kBind) {
      TypeId type = base_type(snapshot_.plan().schema, frame.variables[open.slot].type);
      if (entity_type_of(word) != snapshot_.plan().schema.types[type].decl) continue;
    }
    if (match({&open}, {word}, frame, then)) return true;
  }
  return false;
}

bool BodySearch::aggregate(const Literal& l, Frame& frame, const Then& then) {
  RowStore tuples(static_cast<uint32_t>(l.tuple.size()));
  aside(l.bodies[0], frame, [&] {
    Row tuple;
    for (const Expr& e : l.tuple) {
      auto word = frame.eval.word(e);
      if (!word) return false;
      tuple.push_back(*word);
    }
    tuples.insert(tuple.data());
    return false;
  });
  auto result =
      lictor::aggregate(snapshot_.plan().schema, *state_.values, tuples, l.aggregate, l.tuple[0].type, l.percentile);
  if (result.kind != AggregateResult::Kind::kValue) return false;
  return match({&l.args[0]}, {result.word}, frame, then);
}

}  // namespace lictor
