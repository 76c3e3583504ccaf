#include "runtime/derivations.h"

#include <algorithm>

#include "runtime/values.h"

namespace lictor {

bool Derivations::given(uint32_t relation, const Row& row) const {
  const Snapshot& facts = search_.snapshot();
  auto at = facts.rows(relation).find(row.data());
  return at && *at < facts.base_rows(relation);
}

/// Is there a derivation of at most `most`? Heights are tried one after the other, so the first that is found is the least.
/// While a height is tried, the row counts as not derivable within it: a row is no part of its own least proof.
bool Derivations::within(uint32_t relation, const Row& row, uint32_t most) {
  Known& known = known_[{relation, row}];
  if (!known.height && !known.looked) {
    known.looked = true;
    if (given(relation, row)) known.height = 0;
  }
  while (!known.height && known.not_within < most && !search_.exhausted()) {
    uint32_t height = ++known.not_within;
    if (derivable(relation, row, height)) known.height = height;
  }
  return known.height && *known.height <= most;
}

/// Does some rule make the row from rows of less than `height`?
bool Derivations::derivable(uint32_t relation, const Row& row, uint32_t height) {
  for (const Rule& rule : search_.snapshot().plan().rules) {
    if (rule.head != relation) continue;
    BodySearch::Frame frame(search_.state(), rule.frame);
    if (!search_.unify_head(rule, row, frame)) continue;
    bool found = search_.solve(rule.body, frame, [&] {
      if (!search_.makes(rule, row, frame)) return false;
      return std::all_of(frame.supports.begin(), frame.supports.end(),
                         [&](const Support& s) { return within(s.relation, s.row, height - 1); });
    });
    if (found && !search_.exhausted()) return true;
  }
  return false;
}

std::optional<uint32_t> Derivations::least(uint32_t relation, const Row& row, uint32_t most) {
  if (!within(relation, row, most)) return std::nullopt;
  return known_[{relation, row}].height;
}

std::optional<uint32_t> Derivations::height_of(const std::vector<Support>& supports, uint32_t most) {
  uint32_t height = 0;
  for (const Support& s : supports) {
    auto h = least(s.relation, s.row, most);
    if (!h) return std::nullopt;
    height = std::max(height, *h);
  }
  return height + 1;
}

namespace {

/// Least bindings: the first variable that differs decides.
bool less_slots(const Schema& schema, const ValueTable& values, const std::vector<Variable>& variables,
                const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  for (size_t i = 0; i < variables.size(); ++i) {
    if (a[i] == b[i]) continue;
    return compare_words(schema, values, variables[i].type, a[i], b[i]) < 0;
  }
  return false;
}

}  // namespace

std::optional<Derivation> Derivations::of(uint32_t relation, const Row& row) {
  if (given(relation, row)) return Derivation{};
  auto height = least(relation, row, kMostHeight);
  if (!height) return std::nullopt;
  const Plan& plan = search_.snapshot().plan();
  for (const Rule& rule : plan.rules) {
    if (rule.head != relation) continue;
    BodySearch::Frame frame(search_.state(), rule.frame);
    if (!search_.unify_head(rule, row, frame)) continue;
    std::optional<Derivation> best;
    search_.solve(rule.body, frame, [&] {
      if (!search_.makes(rule, row, frame)) return false;
      auto mine = height_of(frame.supports, *height - 1);
      if (!mine || *mine > *height) return false;
      std::vector<int64_t> slots = frame.eval.slots;
      for (size_t i = 0; i < slots.size(); ++i) {
        if (!frame.bound[i]) slots[i] = 0;  // of nested bodies: not part of the binding
      }
      if (!best || less_slots(plan.schema, *search_.state().values, rule.frame.variables, slots, best->slots)) {
        best = Derivation{&rule, slots, frame.supports, *height};
      }
      return false;
    });
    if (best) return best;
  }
  return std::nullopt;
}

}  // namespace lictor
