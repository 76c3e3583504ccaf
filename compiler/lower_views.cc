// Views: what a relation of request time means to a caller that has some of its columns bound.
//
//   may(u, d) asked as may[bf]: slot 0 is u; each rule for `may` is one alternative, and emits d.
//
// A head variable in a bound column is bound from the start, so the alternative's own atoms look up by it.
#include "compiler/lower_internal.h"
#include "compiler/plan_walk.h"

namespace lictor {

ViewTable::ViewTable(Plan& plan, std::vector<bool> is_view)
    : plan_(plan), is_view_(std::move(is_view)), rules_of_(plan.schema.relations.size()) {
  for (uint32_t r = 0; r < plan.rules.size(); ++r) rules_of_[plan.rules[r].head].push_back(r);
}

uint32_t ViewTable::add_anonymous() {
  plan_.views.emplace_back();
  return static_cast<uint32_t>(plan_.views.size() - 1);
}

uint32_t ViewTable::view_of(uint32_t relation, const std::string& pattern) {
  auto [it, added] = views_.try_emplace({relation, pattern}, 0);
  if (!added) return it->second;
  it->second = add_anonymous();
  View& view = plan_.views[it->second];
  const RelationDecl& decl = plan_.schema.relations[relation];
  view.request = decl.request;
  view.name = decl.info.name + "[" + pattern + "]";
  for (uint32_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == 'f') ++view.outputs;
    if (pattern[i] != 'b') continue;
    ++view.inputs;
    view.slot_types.push_back(decl.columns[i].type);
    view.slot_names.push_back(decl.columns[i].name);
  }
  view.slots = view.inputs;
  queue_.emplace_back(relation, pattern);
  queue_views_.push_back(it->second);
  return it->second;
}

void ViewTable::finish() {
  for (size_t i = 0; i < queue_.size(); ++i) {
    auto [relation, pattern] = queue_[i];
    lower_view(queue_views_[i], relation, pattern);
  }
}

void ViewTable::lower_view(uint32_t number, uint32_t relation, const std::string& pattern) {
  SlotSpace frame;
  frame.request = plan_.schema.relations[relation].request;
  frame.types = plan_.views[number].slot_types;
  frame.names = plan_.views[number].slot_names;
  std::vector<Pipeline> alternatives;
  for (uint32_t r : rules_of_[relation]) {
    std::vector<Body> storage;
    for (const Body& body : expand_ors(plan_.rules[r].body, storage)) {
      alternatives.push_back(lower_alternative(plan_.rules[r], body, pattern, frame));
    }
  }
  View& view = plan_.views[number];  // only now: lowering may have made more
  view.alternatives = std::move(alternatives);
  view.slots = static_cast<uint32_t>(frame.types.size());
  view.slot_types = std::move(frame.types);
  view.slot_names = std::move(frame.names);
}

Pipeline ViewTable::lower_alternative(const Rule& rule, const Body& body, const std::string& pattern,
                                      SlotSpace& frame) {
  Pipeline out;
  BodyLowerer lowerer(*this, rule.frame, frame, true, nullptr);
  std::vector<std::pair<uint32_t, uint32_t>> computed;  // input slot, head argument
  uint32_t input = 0;
  for (uint32_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != 'b') continue;
    const Expr& head = rule.args[i];
    lowerer.set_bound(input);
    if (head.op == Op::kSlot && !lowerer.is_bound_outside(static_cast<uint32_t>(head.n))) {
      lowerer.bind_outside(static_cast<uint32_t>(head.n), input);
    } else {
      computed.emplace_back(input, i);
    }
    ++input;
  }
  for (auto [slot, i] : computed) {
    if (is_guarded(rule.args[i])) continue;
    Expr given = slot_expr(slot, frame.types[slot], rule.args[i].span);
    lowerer.test_when_bound(equal_expr(std::move(given), lowerer.expr(rule.args[i]), rule.args[i].span));
  }
  lowerer.lower(body, out.steps);
  for (auto [slot, i] : computed) {
    if (!is_guarded(rule.args[i])) continue;
    Expr given = slot_expr(slot, frame.types[slot], rule.args[i].span);
    Expr same = equal_expr(std::move(given), lowerer.expr(rule.args[i]), rule.args[i].span);
    out.steps.push_back(filter_step(std::move(same), rule.args[i].span));
  }
  for (uint32_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == 'f') out.emit.push_back(lowerer.expr(rule.args[i]));
  }
  return out;
}

}  // namespace lictor
