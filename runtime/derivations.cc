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
  const BodySearch::Weigh weigh = [&](const std::vector<Support>& supports, size_t from) -> std::optional<uint32_t> {
    for (size_t i = from; i < supports.size(); ++i) {
      if (!within(supports[i].relation, supports[i].row, height - 1)) return std::nullopt;
    }
    return 0;
  };
  for (const Rule& rule : search_.snapshot().plan().rules) {
    if (rule.head != relation) continue;
    BodySearch::Frame frame(search_.state(), rule.frame);
    frame.weigh = &weigh;
    if (!search_.unify_head(rule, row, frame)) continue;
    bool found = search_.solve(rule.body, frame,
                               [&] { return search_.makes(rule, row, frame) && weigh(frame.supports, 0).has_value(); });
    if (found && !search_.exhausted()) return true;
  }
  return false;
}

std::optional<uint32_t> Derivations::least(uint32_t relation, const Row& row, uint32_t most) {
  if (!within(relation, row, most)) return std::nullopt;
  return known_[{relation, row}].height;
}

/// The height of the highest of the supports from number `from` on; nothing beyond `most`.
std::optional<uint32_t> Derivations::highest(const std::vector<Support>& supports, size_t from, uint32_t most) {
  uint32_t height = 0;
  for (size_t i = from; i < supports.size(); ++i) {
    auto h = least(supports[i].relation, supports[i].row, most);
    if (!h) return std::nullopt;
    height = std::max(height, *h);
  }
  return height;
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

std::optional<Derivation> Derivations::least_way(const Body& body, BodySearch::Frame& frame, uint32_t most,
                                                 const BodySearch::Then& fits) {
  const Schema& schema = search_.snapshot().plan().schema;
  const BodySearch::Weigh weigh = [&](const std::vector<Support>& supports, size_t from) {
    return highest(supports, from, most);
  };
  std::optional<Derivation> best;
  frame.weigh = &weigh;
  search_.solve(body, frame, [&] {
    if (!fits()) return false;
    auto under = highest(frame.supports, 0, most);
    if (!under || (best && best->height < *under + 1)) return false;
    std::vector<int64_t> slots = frame.eval.slots;
    for (size_t i = 0; i < slots.size(); ++i) {
      if (!frame.bound[i]) slots[i] = 0;  // of nested bodies: not part of the binding
    }
    bool better = !best || *under + 1 < best->height ||
                  less_slots(schema, *search_.state().values, frame.variables, slots, best->slots);
    if (better) best = Derivation{nullptr, std::move(slots), frame.bound, frame.supports, *under + 1};
    return false;
  });
  frame.weigh = nullptr;
  return best;
}

std::optional<Derivation> Derivations::of(uint32_t relation, const Row& row) {
  if (given(relation, row)) return Derivation{};
  auto height = least(relation, row, kMostHeight);
  if (!height) return std::nullopt;
  for (const Rule& rule : search_.snapshot().plan().rules) {
    if (rule.head != relation) continue;
    BodySearch::Frame frame(search_.state(), rule.frame);
    if (!search_.unify_head(rule, row, frame)) continue;
    auto best = least_way(rule.body, frame, *height - 1, [&] { return search_.makes(rule, row, frame); });
    if (!best) continue;
    best->rule = &rule;
    return best;
  }
  return std::nullopt;
}

}  // namespace lictor
