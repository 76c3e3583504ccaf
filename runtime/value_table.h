// Texts, compounds and entities that words stand for: one table per snapshot, and a small one on top of it per request.
//
// A table without base is a snapshot's: it grows while the snapshot is built, then never again, so threads may read it
// without locks. A table with base belongs to one request: what the base knows keeps its word, everything else gets a
// word with bit 31 set that lives until truncate() or reset(). No request can make the process grow.
//
// Entities of a type are numbered from 1. Numbers up to known(type) are instances; above them, up to the number where bit
// 31 begins, are ids that only the plan mentions; with bit 31, ids that only a request mentions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/layout.h"
#include "runtime/arena.h"

namespace lictor {

inline constexpr uint32_t kLocalBit = 0x8000'0000u;

inline int64_t entity_word(uint32_t type, uint32_t number) {
  return static_cast<int64_t>(static_cast<uint64_t>(type) << 32 | number);
}
inline uint32_t entity_type_of(int64_t word) { return static_cast<uint32_t>(static_cast<uint64_t>(word) >> 32); }
inline uint32_t entity_number_of(int64_t word) { return static_cast<uint32_t>(word); }
inline bool is_local(int64_t word) { return (static_cast<uint64_t>(word) & kLocalBit) != 0; }

/// An open-addressing set of numbers of things that are stored elsewhere; the owner hashes and compares them.
class NumberSet {
 public:
  /// The number of the thing for which `same(number)` holds, or nothing.
  template <class Same>
  std::optional<uint32_t> find(uint64_t hash, Same&& same) const {
    if (slots_.empty()) return std::nullopt;
    auto tag = static_cast<uint32_t>(hash >> 32);
    for (uint64_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.number == kEmpty) return std::nullopt;
      if (slot.tag == tag && slot.number != kGone && same(slot.number)) return slot.number;
    }
  }
  void insert(uint64_t hash, uint32_t number);
  void erase(uint64_t hash, uint32_t number);
  void clear();
  void reserve(uint64_t count);
  uint64_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX, kGone = UINT32_MAX - 1;
  // The hash is kept whole in its two halves that matter: the tag tells most strangers apart, `low` regrows the table.
  struct Slot {
    uint32_t number = kEmpty;
    uint32_t tag = 0;
    uint32_t low = 0;
  };
  void grow(uint64_t slots);
  void place(Slot slot);
  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  uint64_t used_ = 0;  // numbers and graves
};

class ValueTable {
 public:
  /// `base`, where given, outlives this table and no longer changes.
  ValueTable(uint32_t entity_types, const ValueTable* base);
  ValueTable(const ValueTable&) = delete;  // compounds point into its arena
  ValueTable& operator=(const ValueTable&) = delete;

  int64_t text_word(std::string_view text);  // interns
  std::optional<int64_t> find_text(std::string_view text) const;
  std::string_view text(int64_t word) const;  // valid while the word is

  /// `words` in canonical form (layout.h, CompoundView).
  int64_t compound_word(std::span<const int64_t> words);  // interns
  std::span<const int64_t> compound(int64_t word) const {
    if (base_ && !is_local(word)) return base_->compound(word);
    const CompoundView& view = *compounds_[static_cast<uint32_t>(word) & ~kLocalBit];
    return {view.words, view.count};
  }

  int64_t entity(uint32_t type, std::string_view id);  // interns
  std::optional<int64_t> find_entity(uint32_t type, std::string_view id) const;
  std::string_view entity_id(int64_t word) const;  // of a none word: ""
  /// Instances of a type: fixed by freeze_entities(), 0 before.
  uint32_t known(uint32_t type) const { return base_ ? base_->known(type) : known_[type]; }
  uint32_t numbered(uint32_t type) const { return static_cast<uint32_t>(entities_[type].names.size()); }
  /// What is numbered now are the instances; later ids are only names.
  void freeze_entities();

  const CompoundView* const* compound_views() const { return compounds_.data(); }
  uint64_t bytes() const { return bytes_; }

  /// How much there is, to go back to: what was interned after a mark is forgotten by truncate().
  struct Mark {
    uint32_t texts = 0, compounds = 0, entities = 0;
    uint64_t bytes = 0;
    Arena::Mark arena;
  };
  Mark mark() const;
  /// REQUIRES: a table with base. Costs nothing where nothing was added since.
  void truncate(const Mark& mark) {
    bool grew =
        texts_.names.size() > mark.texts || compounds_.size() > mark.compounds || entity_log_.size() > mark.entities;
    if (grew) forget(mark);
  }
  void reset(const ValueTable* base);

 private:
  struct Names {
    std::vector<std::string_view> names;
    NumberSet set;
  };
  static std::optional<uint32_t> lookup(const Names& names, std::string_view text, uint64_t hash);
  uint32_t add(Names& names, std::string_view text, uint64_t hash);
  void forget(const Mark& mark);
  std::optional<uint32_t> lookup_compound(std::span<const int64_t> words, uint64_t hash) const;

  const ValueTable* base_;
  uint32_t bit_;  // kLocalBit with a base, else 0
  Arena arena_;
  Names texts_;
  std::vector<const CompoundView*> compounds_;
  NumberSet compound_set_;
  std::vector<Names> entities_;  // by type
  std::vector<uint32_t> known_;
  std::vector<uint32_t> entity_log_;  // types in order of interning, to undo it
  uint64_t bytes_ = 0;
};

uint64_t hash_text(std::string_view text);
uint64_t hash_words(std::span<const int64_t> words);

}  // namespace lictor
