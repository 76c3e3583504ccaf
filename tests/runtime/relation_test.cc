// Rows, indexes and the hierarchy against the plainest possible search.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "compiler/types.h"
#include "runtime/relation/chain_index.h"
#include "runtime/relation/hierarchy.h"
#include "runtime/relation/index.h"
#include "runtime/relation/row_store.h"

namespace lictor {
namespace {

RowStore random_rows(std::mt19937_64& random, uint32_t arity, int count, int64_t domain, int64_t spread) {
  RowStore rows(arity);
  std::vector<int64_t> row(arity);
  for (int i = 0; i < count; ++i) {
    for (int64_t& word : row) word = static_cast<int64_t>(random() % static_cast<uint64_t>(domain)) * spread - domain;
    rows.insert(row.data());
  }
  return rows;
}

std::vector<uint32_t> probed(const IndexView& index, const std::vector<int64_t>& key) {
  uint32_t end = 0;
  uint32_t begin = probe(index, key.data(), &end);
  std::vector<uint32_t> rows;
  for (uint32_t at = begin; at < end; ++at) rows.push_back(index.unique != 0 ? at - 1 : index.permutation[at]);
  return rows;
}

void check_index(const RowStore& rows, const std::vector<uint32_t>& columns) {
  std::map<std::vector<int64_t>, std::vector<uint32_t>> wanted;
  for (uint32_t row = 0; row < rows.count(); ++row) {
    std::vector<int64_t> key;
    for (uint32_t column : columns) key.push_back(rows.row(row)[column]);
    wanted[key].push_back(row);
  }
  RelationIndex index(rows.view(), columns, false);
  for (const auto& [key, numbers] : wanted) ASSERT_EQ(probed(index.view(), key), numbers);
  for (int64_t absent : {INT64_MIN, INT64_MAX, int64_t{-1'000'000'007}}) {
    ASSERT_TRUE(probed(index.view(), std::vector<int64_t>(columns.size(), absent)).empty());
  }
  bool unique = wanted.size() == rows.count();
  if (!unique) return;
  RelationIndex one(rows.view(), columns, true);
  for (const auto& [key, numbers] : wanted) ASSERT_EQ(probed(one.view(), key), numbers);
  ASSERT_TRUE(probed(one.view(), std::vector<int64_t>(columns.size(), INT64_MIN)).empty());
}

TEST(RowStore, KeepsDistinctRowsInOrder) {
  RowStore rows(2);
  int64_t a[] = {1, 2}, b[] = {2, 1};
  EXPECT_TRUE(rows.insert(a));
  EXPECT_TRUE(rows.insert(b));
  EXPECT_FALSE(rows.insert(a));
  EXPECT_EQ(rows.count(), 2u);
  EXPECT_EQ(rows.find(b), 1u);
  int64_t c[] = {1, 1};
  EXPECT_FALSE(rows.find(c));
  rows.clear();
  EXPECT_EQ(rows.count(), 0u);
  EXPECT_FALSE(rows.find(a));
  RowStore empty(0);
  EXPECT_TRUE(empty.insert(nullptr));
  EXPECT_FALSE(empty.insert(nullptr));
}

TEST(RelationIndex, FindsWhatASearchFinds) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 60; ++round) {
    int64_t spread = round % 3 == 0 ? 1'000'003 : 1;  // sparse domains take the hash table
    RowStore rows =
        random_rows(random, 3, static_cast<int>(random() % 400), 1 + static_cast<int64_t>(random() % 50), spread);
    check_index(rows, {0});
    check_index(rows, {2});
    check_index(rows, {0, 2});
    check_index(rows, {0, 1, 2});
  }
  RowStore rows(1);
  for (int64_t word : {INT64_MIN, INT64_MAX, int64_t{0}}) rows.insert(&word);  // the widest range there is
  RelationIndex index(rows.view(), {0}, false);
  EXPECT_EQ(index.view().dense, 0u);
  EXPECT_EQ(probed(index.view(), {INT64_MAX}), std::vector<uint32_t>{1});
}

TEST(RelationIndex, IsDenseWhereTheDomainIsSmall) {
  RowStore rows(2);
  for (int64_t i = 0; i < 100; ++i) {
    int64_t row[] = {5'000'000'000 + i / 2, i};
    rows.insert(row);
  }
  RelationIndex index(rows.view(), {0}, false);
  EXPECT_EQ(index.view().dense, 1u);
  EXPECT_EQ(index.view().base, 5'000'000'000);
  EXPECT_EQ(probed(index.view(), {5'000'000'003}), (std::vector<uint32_t>{6, 7}));
}

TEST(ChainIndex, GrowsNewestFirst) {
  std::mt19937_64 random(5);
  RowStore rows(2);
  ChainIndex chain({1});
  std::multimap<int64_t, uint32_t> wanted;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 30; ++i) {
      int64_t row[] = {static_cast<int64_t>(random() % 1000), static_cast<int64_t>(random() % 20)};
      if (rows.insert(row)) wanted.emplace(row[1], rows.count() - 1);
    }
    chain.extend(rows, rows.count());
    for (int64_t key = 0; key < 21; ++key) {
      uint32_t count = 0;
      uint32_t before = ChainIndex::kEnd;
      for (uint32_t row = chain.first(rows, &key); row != ChainIndex::kEnd; row = chain.next(row)) {
        ASSERT_EQ(rows.row(row)[1], key);
        ASSERT_LT(row, before);
        before = row;
        ++count;
      }
      ASSERT_EQ(count, wanted.count(key));
    }
  }
}

TEST(Hierarchy, IsTheReflexiveTransitiveClosure) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    uint32_t count = 1 + static_cast<uint32_t>(random() % 25);
    std::vector<std::pair<int64_t, int64_t>> edges;
    for (uint64_t i = random() % 40; i > 0; --i) {
      edges.emplace_back(entity_word(static_cast<uint32_t>(random() % 2), 1 + static_cast<uint32_t>(random() % count)),
                         entity_word(1, 1 + static_cast<uint32_t>(random() % count)));
    }
    Hierarchy hierarchy;
    ASSERT_TRUE(hierarchy.build({count, count}, edges, 1'000'000));
    std::set<std::pair<int64_t, int64_t>> closure(edges.begin(), edges.end());
    for (bool grew = true; grew;) {
      grew = false;
      for (auto [a, b] : std::set(closure)) {
        for (auto [c, d] : edges) {
          if (b == c) grew = closure.emplace(a, d).second || grew;
        }
      }
    }
    for (uint32_t type = 0; type < 2; ++type) {
      for (uint32_t number = 1; number <= count; ++number) {
        int64_t a = entity_word(type, number);
        for (uint32_t other = 1; other <= count; ++other) {
          int64_t b = entity_word(1, other);
          bool wanted = a == b || closure.contains({a, b});
          ASSERT_EQ(hierarchy.contains(b, a), wanted);
          auto up = hierarchy.containers(a);
          auto down = hierarchy.members(b);
          ASSERT_TRUE(up.empty() || std::binary_search(up.begin(), up.end(), b) == wanted);
          ASSERT_TRUE(down.empty() || std::binary_search(down.begin(), down.end(), a) == wanted);
        }
      }
    }
  }
}

TEST(Hierarchy, TakesLongChainsAndCyclesWithoutRecursion) {
  std::vector<std::pair<int64_t, int64_t>> chain, ring;
  constexpr uint32_t kLength = 4'000;
  for (uint32_t i = 1; i < kLength; ++i) chain.emplace_back(entity_word(0, i), entity_word(0, i + 1));
  ring = chain;
  ring.emplace_back(entity_word(0, kLength), entity_word(0, 1));
  Hierarchy hierarchy;
  ASSERT_TRUE(hierarchy.build({kLength}, chain, 100'000'000));
  EXPECT_EQ(hierarchy.containers(entity_word(0, 1)).size(), kLength);
  EXPECT_EQ(hierarchy.members(entity_word(0, 1)).size(), 1u);
  EXPECT_FALSE(hierarchy.build({kLength}, chain, 1'000)) << "the limit holds";
  ASSERT_TRUE(hierarchy.build({kLength}, ring, 10'000)) << "one shared list";
  EXPECT_TRUE(hierarchy.contains(entity_word(0, 1), entity_word(0, kLength)));
  EXPECT_FALSE(hierarchy.contains(kNoneWord, kNoneWord));
}

}  // namespace
}  // namespace lictor
