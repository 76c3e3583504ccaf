// Interning, and the way from values to words and back.
#include "runtime/values.h"

#include <gtest/gtest.h>

#include "runtime/relation/row_store.h"

namespace lictor {
namespace {

TEST(ValueTable, InternsOnce) {
  ValueTable table(2, nullptr);
  int64_t a = table.text_word("alpha");
  int64_t empty = table.text_word("");
  EXPECT_EQ(table.text_word("alpha"), a);
  EXPECT_NE(a, empty);
  EXPECT_EQ(table.text(a), "alpha");
  EXPECT_EQ(table.text(empty), "");
  EXPECT_FALSE(table.find_text("beta"));
  int64_t user = table.entity(0, "u1");
  EXPECT_EQ(user, entity_word(0, 1));
  EXPECT_NE(table.entity(1, "u1"), user) << "ids of different types are different entities";
  EXPECT_EQ(table.entity_id(user), "u1");
  EXPECT_EQ(table.entity_id(kNoneWord), "");
}

TEST(ValueTable, ARequestKeepsItsOwnAndForgetsThem) {
  ValueTable facts(1, nullptr);
  int64_t known = facts.text_word("known");
  int64_t pair[] = {1, 2};
  int64_t compound = facts.compound_word(pair);
  facts.entity(0, "e1");
  facts.freeze_entities();
  ValueTable request(1, nullptr);
  request.reset(&facts);
  EXPECT_EQ(request.text_word("known"), known);
  EXPECT_EQ(request.compound_word(pair), compound);
  int64_t own = request.text_word("own");
  EXPECT_TRUE(is_local(own));
  EXPECT_EQ(request.text(own), "own");
  ValueTable::Mark mark = request.mark();
  uint64_t bytes = request.bytes();
  for (int i = 0; i < 1000; ++i) {
    int64_t words[] = {i, i + 1, i + 2};
    EXPECT_TRUE(is_local(request.compound_word(words)));
    request.text_word("text " + std::to_string(i));
    request.entity(0, "x" + std::to_string(i));
  }
  request.truncate(mark);
  EXPECT_EQ(request.bytes(), bytes);
  EXPECT_FALSE(request.find_text("text 3"));
  EXPECT_FALSE(request.find_entity(0, "x3"));
  EXPECT_EQ(request.find_text("own"), own);
  EXPECT_EQ(request.known(0), 1u);
  EXPECT_FALSE(facts.find_text("own"));
}

class Words : public ::testing::Test {
 protected:
  Words() : table_(1, nullptr) {
    schema_.entities.resize(1);
    schema_.entities[0].info.name = "User";
  }
  Datum text(std::string value) { return make(kStringType, 0, std::move(value)); }
  Datum make(TypeId type, int64_t n, std::string value = "") {
    Datum out;
    out.type = type;
    out.n = n;
    out.text = std::move(value);
    return out;
  }
  Datum items(TypeId type, std::vector<Datum> list) {
    Datum out;
    out.type = type;
    out.items = std::move(list);
    return out;
  }
  void expect_same(TypeId type, const Datum& value) {
    int64_t word = to_word(schema_, table_, type, value);
    EXPECT_EQ(to_datum(schema_, table_, type, word), value) << show(schema_, value);
    EXPECT_EQ(to_word(schema_, table_, type, value), word);
  }
  Schema schema_;
  ValueTable table_;
};

TEST_F(Words, GoThereAndBack) {
  TypeId set = schema_.types.set_of(kStringType);
  TypeId map = schema_.types.map_of(kStringType, kIntType);
  TypeId maybe = schema_.types.optional_of(schema_.types.entity_type(0));
  expect_same(kIntType, make(kIntType, INT64_MIN));
  expect_same(kStringType, text("x"));
  expect_same(set, items(set, {text("a"), text("b"), text("c")}));
  expect_same(map, items(map, {text("a"), make(kIntType, 1), text("b"), make(kIntType, 2)}));
  expect_same(maybe, make(maybe, 0, "u1"));
  Datum none = make(maybe, 0);
  none.none = true;
  expect_same(maybe, none);
  EXPECT_EQ(to_word(schema_, table_, maybe, none), kNoneWord);
}

TEST_F(Words, SetsAreSetsWhateverTheOrderOfInterning) {
  TypeId set = schema_.types.set_of(kStringType);
  table_.text_word("z");
  int64_t one = to_word(schema_, table_, set, items(set, {text("a"), text("z")}));
  EXPECT_EQ(to_word(schema_, table_, set, items(set, {text("z"), text("a"), text("z")})), one);
  Datum back = to_datum(schema_, table_, set, one);
  EXPECT_EQ(back.items[0].text, "a") << "canonical order is by bytes, not by symbol";
}

TEST_F(Words, CompareAsValuesDo) {
  int64_t z = table_.text_word("z");
  int64_t a = table_.text_word("a");
  EXPECT_LT(compare_words(schema_, table_, kStringType, a, z), 0);
  TypeId maybe = schema_.types.optional_of(kIntType);
  EXPECT_LT(compare_words(schema_, table_, maybe, kNoneWord, -5), 0);
  EXPECT_EQ(compare_words(schema_, table_, kIntType, 3, 3), 0);
  TypeId list = schema_.types.list_of(kStringType);
  int64_t shorter = to_word(schema_, table_, list, items(list, {text("z")}));
  int64_t longer = to_word(schema_, table_, list, items(list, {text("z"), text("a")}));
  EXPECT_LT(compare_words(schema_, table_, list, shorter, longer), 0);
}

}  // namespace
}  // namespace lictor
