// The canonical derivation of each row: of least height, then first in source order, then of least bindings. A row that
// was given has height 0; a derived one is one higher than the highest row that its derivation rests on.
//
// Heights are found from the goal backwards: "is there a derivation of at most h?" for h = 1, 2, ..., remembering for each
// row the answer so far. Only rows that the goal may rest on are looked at.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "runtime/body_search.h"

namespace lictor {

struct Derivation {
  const Rule* rule = nullptr;  // null: the row was given
  std::vector<int64_t> slots;  // of the rule's frame; 0 where not bound
  std::vector<bool> bound;
  std::vector<Support> supports;  // in order of the body
  uint32_t height = 0;
};

class Derivations {
 public:
  explicit Derivations(BodySearch& search) : search_(search) {}

  /// Nothing where no derivation was found within the limits: of height, or of the search's steps.
  std::optional<Derivation> of(uint32_t relation, const Row& row);
  /// The way in which a body holds that is of least height, its rows of at most `most`, then of least
  /// bindings. `fits` tests a solution further. The frame may have variables given.
  std::optional<Derivation> least_way(const Body& body, BodySearch::Frame& frame, uint32_t most,
                                      const BodySearch::Then& fits);

  static constexpr uint32_t kMostHeight = 2000;

 private:
  struct Known {
    std::optional<uint32_t> height;  // found
    uint32_t not_within = 0;         // no derivation of at most this height
    bool looked = false;             // among the given rows
  };
  using Key = std::pair<uint32_t, Row>;
  bool given(uint32_t relation, const Row& row) const;
  bool within(uint32_t relation, const Row& row, uint32_t most);
  bool derivable(uint32_t relation, const Row& row, uint32_t height);
  std::optional<uint32_t> least(uint32_t relation, const Row& row, uint32_t most);
  std::optional<uint32_t> highest(const std::vector<Support>& supports, size_t from, uint32_t most);

  BodySearch& search_;
  std::map<Key, Known> known_;
};

}  // namespace lictor
