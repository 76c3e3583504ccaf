// Constants that are more than one immediate word get a number, equal ones of one type the same.
#include <algorithm>

#include "compiler/fold.h"
#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

uint64_t mix(uint64_t hash, uint64_t value) { return (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29); }

uint64_t hash_of(const Datum& value) {
  uint64_t hash = mix(value.type, static_cast<uint64_t>(value.n) + (value.none ? 1 : 0));
  hash = mix(hash, std::hash<std::string>()(value.text));
  for (const Datum& item : value.items) hash = mix(hash, hash_of(item));
  return hash ^ hash >> 32;
}

class Numbering {
 public:
  explicit Numbering(Plan& plan) : plan_(plan) {}

  void root(Expr& expr) {
    each_node(expr, [this](Expr& node) {
      if (node.op == Op::kConst) node.n = number(node.constant);
    });
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  int64_t number(const std::shared_ptr<const Datum>& constant) {
    if (is_immediate(plan_.schema, *constant)) return word_of(plan_.schema, *constant);
    if (constant.get() == last_) return last_number_;
    last_ = constant.get();
    last_number_ = number_of(*constant);
    return last_number_;
  }

  /// Open addressing: a policy has about as many constants as clauses, and most of them stand once.
  int64_t number_of(const Datum& value) {
    if (plan_.constants.size() * 2 >= table_.size()) grow();
    size_t at = hash_of(value) & (table_.size() - 1);
    while (table_[at] != kFree) {
      if (plan_.constants[table_[at]] == value) return table_[at];
      at = (at + 1) & (table_.size() - 1);
    }
    table_[at] = static_cast<uint32_t>(plan_.constants.size());
    plan_.constants.push_back(value);
    return table_[at];
  }

  void grow() {
    table_.assign(std::max<size_t>(64, table_.size() * 2), kFree);
    for (uint32_t i = 0; i < plan_.constants.size(); ++i) {
      size_t at = hash_of(plan_.constants[i]) & (table_.size() - 1);
      while (table_[at] != kFree) at = (at + 1) & (table_.size() - 1);
      table_[at] = i;
    }
  }

  Plan& plan_;
  std::vector<uint32_t> table_;  // to Plan::constants; its size is a power of two
  const Datum* last_ = nullptr;
  int64_t last_number_ = 0;
};

}  // namespace

void number_constants(Plan& plan) {
  plan.constants.clear();
  Numbering numbering(plan);
  auto root = [&](Expr& expr) { numbering.root(expr); };
  each_pipeline(plan, [&](Pipeline& pipeline) { each_plan_root(pipeline, root); });
  for (Rule& rule : plan.rules) each_root_of_rule(rule, root);
  for (DecisionPlan& decision : plan.decisions) {
    each_root_of_default(decision.decision, root);
    for (ClausePlan& clause : decision.clauses) each_root_of_clause(clause.clause, root);
  }
}

}  // namespace lictor
