// Interning by hash: names and compounds lie in an arena and never move; the sets hold their numbers.
#include "runtime/value_table.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace lictor {

uint64_t hash_text(std::string_view text) { return absl::HashOf(absl::string_view(text.data(), text.size())); }

uint64_t hash_words(std::span<const int64_t> words) {
  uint64_t hash = 0x9e3779b97f4a7c15ULL ^ words.size();
  for (int64_t word : words) {
    hash = (hash ^ static_cast<uint64_t>(word)) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
  }
  return hash * 0x9e3779b97f4a7c15ULL;
}

// ---- NumberSet ------------------------------------------------------------------------------------------------------

void NumberSet::place(Slot slot) {
  uint64_t i = slot.low & mask_;
  while (slots_[i].number != kEmpty) i = (i + 1) & mask_;
  slots_[i] = slot;
}

void NumberSet::grow(uint64_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  mask_ = slots - 1;
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.number >= kGone) continue;
    place(slot);
    ++used_;
  }
}

void NumberSet::reserve(uint64_t count) {
  uint64_t slots = 16;
  while (slots < count * 2) slots *= 2;
  if (slots > slots_.size()) grow(slots);
}

void NumberSet::insert(uint64_t hash, uint32_t number) {
  if ((used_ + 1) * 2 > slots_.size()) grow(std::max<uint64_t>(16, slots_.size() * 2));
  place({number, static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(hash)});
  ++used_;
}

void NumberSet::erase(uint64_t hash, uint32_t number) {
  for (uint64_t i = hash & mask_;; i = (i + 1) & mask_) {
    assert(slots_[i].number != kEmpty);  // INVARIANT: only what was inserted is erased
    if (slots_[i].number != number) continue;
    bool last = slots_[(i + 1) & mask_].number == kEmpty;
    slots_[i].number = last ? kEmpty : kGone;
    if (last) --used_;
    return;
  }
}

void NumberSet::clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  used_ = 0;
}

// ---- ValueTable -----------------------------------------------------------------------------------------------------

ValueTable::ValueTable(uint32_t entity_types, const ValueTable* base)
    : base_(base), bit_(base ? kLocalBit : 0), entities_(entity_types), known_(entity_types, 0) {}

std::optional<uint32_t> ValueTable::lookup(const Names& names, std::string_view text, uint64_t hash) {
  return names.set.find(hash, [&](uint32_t number) { return names.names[number] == text; });
}

uint32_t ValueTable::add(Names& names, std::string_view text, uint64_t hash) {
  auto number = static_cast<uint32_t>(names.names.size());
  assert(number < kLocalBit);  // INVARIANT: FactLimits keep every table below 2^31 names
  auto* copy = static_cast<char*>(arena_.take(text.size()));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  names.names.emplace_back(copy, text.size());
  names.set.insert(hash, number);
  bytes_ += text.size() + sizeof(std::string_view);
  return number;
}

std::optional<int64_t> ValueTable::find_text(std::string_view text) const {
  uint64_t hash = hash_text(text);
  if (base_) {
    if (auto number = lookup(base_->texts_, text, hash)) return *number;
    if (texts_.names.empty()) return std::nullopt;
  }
  if (auto number = lookup(texts_, text, hash)) return *number | bit_;
  return std::nullopt;
}

int64_t ValueTable::text_word(std::string_view text) {
  if (auto word = find_text(text)) return *word;
  return add(texts_, text, hash_text(text)) | bit_;
}

std::string_view ValueTable::text(int64_t word) const {
  if (base_ && !is_local(word)) return base_->text(word);
  return texts_.names[static_cast<uint32_t>(word) & ~kLocalBit];
}

std::optional<uint32_t> ValueTable::lookup_compound(std::span<const int64_t> words, uint64_t hash) const {
  return compound_set_.find(hash, [&](uint32_t number) {
    const CompoundView& view = *compounds_[number];
    return std::equal(words.begin(), words.end(), view.words, view.words + view.count);
  });
}

int64_t ValueTable::compound_word(std::span<const int64_t> words) {
  uint64_t hash = hash_words(words);
  if (base_) {
    if (auto number = base_->lookup_compound(words, hash)) return *number;
  }
  if (auto number = lookup_compound(words, hash)) return *number | bit_;
  auto number = static_cast<uint32_t>(compounds_.size());
  auto* copy = static_cast<int64_t*>(arena_.take(words.size_bytes()));
  if (!words.empty()) std::memcpy(copy, words.data(), words.size_bytes());
  auto* view = new (arena_.take(sizeof(CompoundView))) CompoundView{copy, static_cast<uint32_t>(words.size())};
  compounds_.push_back(view);
  compound_set_.insert(hash, number);
  bytes_ += words.size_bytes() + sizeof(CompoundView);
  return number | bit_;
}

std::optional<int64_t> ValueTable::find_entity(uint32_t type, std::string_view id) const {
  uint64_t hash = hash_text(id);
  if (base_) {
    if (auto number = lookup(base_->entities_[type], id, hash)) return entity_word(type, *number + 1);
    if (entities_[type].names.empty()) return std::nullopt;
  }
  if (auto number = lookup(entities_[type], id, hash)) return entity_word(type, (*number + 1) | bit_);
  return std::nullopt;
}

int64_t ValueTable::entity(uint32_t type, std::string_view id) {
  if (auto word = find_entity(type, id)) return *word;
  if (base_) entity_log_.push_back(type);
  return entity_word(type, (add(entities_[type], id, hash_text(id)) + 1) | bit_);
}

std::string_view ValueTable::entity_id(int64_t word) const {
  if (base_ && !is_local(word)) return base_->entity_id(word);
  uint32_t number = entity_number_of(word) & ~kLocalBit;
  if (number == 0) return {};
  return entities_[entity_type_of(word)].names[number - 1];
}

void ValueTable::freeze_entities() {
  for (size_t type = 0; type < entities_.size(); ++type) known_[type] = numbered(static_cast<uint32_t>(type));
}

ValueTable::Mark ValueTable::mark() const {
  return {static_cast<uint32_t>(texts_.names.size()), static_cast<uint32_t>(compounds_.size()),
          static_cast<uint32_t>(entity_log_.size()), bytes_, arena_.mark()};
}

void ValueTable::forget(const Mark& mark) {
  while (texts_.names.size() > mark.texts) {
    auto number = static_cast<uint32_t>(texts_.names.size() - 1);
    texts_.set.erase(hash_text(texts_.names[number]), number);
    texts_.names.pop_back();
  }
  while (compounds_.size() > mark.compounds) {
    auto number = static_cast<uint32_t>(compounds_.size() - 1);
    const CompoundView& view = *compounds_[number];
    compound_set_.erase(hash_words({view.words, view.count}), number);
    compounds_.pop_back();
  }
  while (entity_log_.size() > mark.entities) {
    Names& names = entities_[entity_log_.back()];
    auto number = static_cast<uint32_t>(names.names.size() - 1);
    names.set.erase(hash_text(names.names[number]), number);
    names.names.pop_back();
    entity_log_.pop_back();
  }
  arena_.release(mark.arena);
  bytes_ = mark.bytes;
}

void ValueTable::reset(const ValueTable* base) {
  truncate({});
  base_ = base;
  bit_ = base != nullptr ? kLocalBit : 0;
}

}  // namespace lictor
