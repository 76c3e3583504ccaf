// What the files of lowering share.
//
//   lower.cc         the way through: relations of request time, strata, clauses
//   lower_order.cc   in which order the literals of a body become steps
//   lower_body.cc    a body to steps
//   lower_views.cc   views: one per relation and pattern of bound columns
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compiler/plan.h"
#include "compiler/program.h"

namespace lictor {

/// Slots of a frame under construction.
struct SlotSpace {
  std::vector<TypeId> types;
  std::vector<std::string> names;
  uint32_t request = kNoIndex;  // whose fields the body may read
  uint32_t add(TypeId type, std::string name);
};

/// One body's literal, or a part of a test that is a conjunction.
struct Item {
  const Literal* literal = nullptr;
  const Expr* test = nullptr;  // kTest: this conjunct
};

/// Which relations are views, and the views made so far. Views are lowered from a queue: no recursion however deep the
/// relations stand on each other.
class ViewTable {
 public:
  /// REQUIRES: `plan` outlives this; Plan::erring is filled in.
  ViewTable(Plan& plan, std::vector<bool> is_view);

  Plan& plan() { return plan_; }
  bool is_view(uint32_t relation) const { return is_view_[relation]; }
  /// The view of a relation for a pattern: per column 'b' bound, 'f' free or '_' ignored.
  uint32_t view_of(uint32_t relation, const std::string& pattern);
  /// A number for the view of an `or`; fill in Plan::views there.
  uint32_t add_anonymous();
  /// Lowers every view that was asked for.
  void finish();

 private:
  void lower_view(uint32_t number, uint32_t relation, const std::string& pattern);
  Pipeline lower_alternative(const Rule& rule, const Body& body, const std::string& pattern, SlotSpace& frame);

  Plan& plan_;
  std::vector<bool> is_view_;
  std::vector<std::vector<uint32_t>> rules_of_;  // by relation
  std::map<std::pair<uint32_t, std::string>, uint32_t> views_;
  std::vector<std::pair<uint32_t, std::string>> queue_;
  std::vector<uint32_t> queue_views_;
};

/// Lowers bodies of one rule, clause or view alternative into one frame. `source` is the frame of the core language.
///
/// A variable that is bound already where the core language binds it is tested there instead, and one that the order of
/// steps reads before it is bound is bound by the atom that reads it: so one body serves every pattern and every order.
class BodyLowerer {
 public:
  /// Without a mapping, source slots are the frame's slots, and `frame` must begin with those of `source`. `delta`: the
  /// atom that reads only the newest rows of its relation, or null.
  BodyLowerer(ViewTable& views, const Frame& source, SlotSpace& frame, bool mapped, const Literal* delta);

  /// `source_slot` is bound from outside, to what stands in `frame_slot`.
  void bind_outside(uint32_t source_slot, uint32_t frame_slot);
  bool is_bound_outside(uint32_t source_slot) const;
  void set_bound(uint32_t frame_slot);
  /// A test to be made as soon as its slots are bound.
  void test_when_bound(Expr test) { pending_.push_back(std::move(test)); }
  void lower(const Body& body, std::vector<Step>& out);
  /// The expression over the frame's slots.
  Expr expr(const Expr& source);

 private:
  uint32_t slot(uint32_t source_slot);
  bool is_bound(uint32_t frame_slot) const { return frame_slot < bound_.size() && bound_[frame_slot]; }
  bool all_bound(const Expr& expr) const;
  std::vector<bool> bound_at_source() const;
  uint32_t fresh(TypeId type);
  void flush(std::vector<Step>& out);
  Pipeline nested(const Body& body);
  std::vector<Pipeline> alternatives(const std::vector<Body>& bodies);
  bool leads_to_delta(const std::vector<Body>& bodies, const Body& body) const;

  Arg place(uint32_t frame_slot, Span span, std::vector<uint32_t>& now);
  std::vector<Arg> arguments(const std::vector<Arg>& source);
  void lower_item(const Item& item, std::vector<Step>& out);
  void lower_atom(const Literal& literal, std::vector<Step>& out);
  void lower_instance(const Literal& literal, std::vector<Step>& out);
  void lower_let(const Literal& literal, std::vector<Step>& out);
  void bind_or_test(Step step, uint32_t to, Span span, std::vector<Step>& out);
  void lower_some(const Literal& literal, std::vector<Step>& out);
  void lower_member(const Literal& literal, std::vector<Step>& out);
  void lower_hierarchy(const Literal& literal, std::vector<Step>& out);
  void lower_any(const Literal& literal, bool negated, std::vector<Step>& out);
  void lower_forall(const Literal& literal, std::vector<Step>& out);
  void lower_lookup(const Literal& literal, std::vector<Step>& out);
  void lower_or(const Literal& literal, std::vector<Step>& out);
  void lower_or_view(const Literal& literal, const std::vector<uint32_t>& exports, std::vector<Step>& out);
  std::vector<uint32_t> inputs_of(const Literal& literal);
  void lower_aggregate(const Literal& literal, std::vector<Step>& out);
  Step call_step(const Literal& literal, std::vector<Arg> args);

  ViewTable& views_;
  const Frame& source_;
  SlotSpace& frame_;
  const Literal* delta_;
  bool mapped_;
  std::vector<uint32_t> map_;  // by source slot, where mapped_; kNoIndex: no slot yet
  std::vector<bool> bound_;    // by frame slot
  std::vector<Expr> pending_;  // tests that wait for slots
};

/// What order_items needs to know of its surroundings.
struct OrderContext {
  const Plan& plan;
  const std::vector<bool>& bound;  // by source slot: before the body begins
  const Literal* first = nullptr;  // to be read first if it may be (the delta of a recursive rule)
};

/// The order in which a body's literals become steps: cheap tests as early as their variables allow, then look-ups by
/// key, then the rest; nothing passes anything that can err, and no arithmetic passes a guard.
std::vector<Item> order_items(const Body& body, const OrderContext& context);

/// The bodies that a body with `or`s over variables means, one for each way through them; the body itself where there
/// would be more than a few.
/// `storage` owns what the result points to.
std::span<const Body> expand_ors(const Body& body, std::vector<Body>& storage);

}  // namespace lictor
