// One index per relation and set of matched columns; where the key is among them, it alone: what it finds is one row, and
// the other columns are compared there. Rows that the last iteration added are few: a `delta` has no index.
#include <algorithm>
#include <map>

#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {

void choose_indexes(Plan& plan) {
  plan.indexes.clear();
  std::map<std::pair<uint32_t, std::vector<uint32_t>>, uint32_t> known;
  auto choose = [&](Step& step) {
    if (step.op != StepOp::kScan || step.delta) return;
    std::vector<uint32_t> columns = matched_columns(step);
    if (columns.empty()) return;
    const RelationDecl& relation = plan.schema.relations[step.relation];
    if (!relation.key.empty() && is_unique(relation, columns)) {
      std::vector<uint32_t> key = relation.key;
      std::sort(key.begin(), key.end());
      if (is_unique(relation, key)) columns = std::move(key);
    }
    auto [it, added] = known.try_emplace({step.relation, columns}, static_cast<uint32_t>(plan.indexes.size()));
    if (added) {
      bool unique = is_unique(relation, columns);
      plan.indexes.push_back({step.relation, std::move(columns), unique});
    }
    step.index = it->second;
  };
  each_pipeline(plan, [&](Pipeline& pipeline) { each_step(pipeline, choose); });
}

}  // namespace lictor
