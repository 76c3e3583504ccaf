#include "runtime/fixpoint.h"

#include <algorithm>

#include "runtime/machine.h"

namespace lictor {
namespace {

/// Inserts what a rule derives, up to the rule's limit.
class RuleSink : public Sink {
 public:
  RuleSink(EvalState& state, const Rule& rule, RowStore& rows) : state_(state), rule_(rule), rows_(rows) {}
  bool emit(const int64_t* words) override {
    if (rule_.limit && rows_.count() >= *rule_.limit && !rows_.find(words)) {
      state_.fail(EvalErrorKind::kLimit, rule_.span);
      return true;
    }
    if (rows_.count() >= RowStore::kMostRows) state_.out_of_steps();
    if (state_.exhausted) return true;
    if (rows_.insert(words)) state_.charge((rows_.arity() + kRowOverhead) * sizeof(int64_t));
    return state_.exhausted;
  }

 private:
  static constexpr uint64_t kRowOverhead = 5;  // words in hash tables and chains, about
  EvalState& state_;
  const Rule& rule_;
  RowStore& rows_;
};

class Fixpoint {
 public:
  Fixpoint(const PreparedStratum& stratum, EvalState& state, const std::vector<RowStore*>& stores, int64_t* frame)
      : stratum_(stratum), state_(state), stores_(stores), frame_(frame) {
    if (!stratum.recursive) return;
    for (size_t i = 0; i < stratum.relations.size(); ++i) {
      live_.relations.emplace_back(stratum.relations[i], LiveRelation{stores[i], 0, stores[i]->count()});
    }
    for (uint32_t index : stratum.chains) {
      const Index& plan = state.plan->indexes[index];
      live_.chains.emplace_back(plan.relation, ChainIndex(plan.columns));
    }
    state.live = &live_;
  }
  ~Fixpoint() {
    state_.live = nullptr;
    state_.running = kNoIndex;
  }

  bool run() {
    extend_chains();
    for (const PreparedRule& rule : stratum_.rules) {
      if (!derive(rule, rule.full)) return false;
    }
    while (stratum_.recursive && advance()) {
      for (const PreparedRule& rule : stratum_.rules) {
        for (const Code& delta : rule.deltas) {
          if (!derive(rule, delta)) return false;
        }
      }
    }
    for (size_t i = 0; i < stratum_.relations.size(); ++i) check_key(stratum_.relations[i], *stores_[i]);
    return !state_.exhausted;
  }

 private:
  /// No two rows of a relation share its key. Asked when all are there: which rule came first says nothing.
  void check_key(uint32_t relation, const RowStore& rows) {
    const RelationDecl& decl = state_.plan->schema.relations[relation];
    if (decl.key.empty() || !first_conflict(decl, rows)) return;
    state_.running = relation;
    state_.fail(EvalErrorKind::kKey, decl.info.span);
  }

  RowStore& store(uint32_t relation) {
    auto found = std::find(stratum_.relations.begin(), stratum_.relations.end(), relation);
    return *stores_[static_cast<size_t>(found - stratum_.relations.begin())];
  }

  bool derive(const PreparedRule& rule, const Code& code) {
    state_.running = rule.head;
    RuleSink sink(state_, state_.plan->rules[rule.rule], store(rule.head));
    lictor::run(code, state_, frame_, sink);
    return !state_.exhausted;
  }

  /// The rows of the last round become the delta. False where there are none.
  bool advance() {
    bool grew = false;
    for (auto& [number, live] : live_.relations) {
      live.delta = live.visible;
      live.visible = live.rows->count();
      grew = grew || live.visible > live.delta;
    }
    extend_chains();
    return grew;
  }

  void extend_chains() {
    for (auto& [relation, chain] : live_.chains) {
      const LiveRelation& live = live_.relation(relation);
      chain.extend(*live.rows, live.visible);
    }
  }

  const PreparedStratum& stratum_;
  EvalState& state_;
  const std::vector<RowStore*>& stores_;
  int64_t* frame_;
  LiveStratum live_;
};

}  // namespace

std::optional<std::pair<uint32_t, uint32_t>> first_conflict(const RelationDecl& decl, const RowStore& rows) {
  auto width = static_cast<uint32_t>(decl.key.size());
  RowStore keys(width);
  std::vector<uint32_t> row_of;  // by key
  std::vector<int64_t> key(width);
  for (uint32_t row = 0; row < rows.count(); ++row) {
    for (uint32_t i = 0; i < width; ++i) key[i] = rows.row(row)[decl.key[i]];
    if (auto other = keys.find(key.data())) return std::pair(row_of[*other], row);
    keys.insert(key.data());
    row_of.push_back(row);
  }
  return std::nullopt;
}

bool compute_stratum(const PreparedStratum& stratum, EvalState& state, const std::vector<RowStore*>& stores,
                     int64_t* frame) {
  return Fixpoint(stratum, state, stores, frame).run();
}

}  // namespace lictor
