// The checker of proofs refuses what is wrong: right proofs are spoilt in every way that it claims to notice.
#include "tests/differential/proof_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "compiler/driver.h"
#include "runtime/engine.h"

namespace lictor::testing {
namespace {

using ::testing::HasSubstr;
using Kind = ProofNode::Kind;

constexpr const char* kProgram = R"(module t.planted
relation link(from: string, to: string) { ("a", "b") ("a", "e") ("b", "c") ("c", "d") ("c", "a") }
relation size(of: string, is: int) { ("a", 1) ("a", 5) ("b", 7) }
relation seed(of: string) { ("b") }
reach(x, y) :- link(x, y).
reach(x, y) :- reach(x, z), link(z, y).
big(x) :- size(x, n), n > 3.
bare(x) :- link(x, y), not seed(y).
busy(x, n) :- size(x, _), n = count { y : link(x, y) }.
known(x) :- size(x, _), exists (link(x, y), seed(y)).
out(x) :- link(x, y), y != x.
tied(x) :- size(x, _), (link(x, "z") or reach(x, "d")).
request Ask { from: string, to: string }
decision d(r: Ask) {
  default deny "no"
  allow far: "by {y}" if reach(r.from, y), link(y, r.to).
  allow large: "large" if size(r.from, n), n > 3, n < 6, seed(r.to).
  allow quick: "quick" if big(r.to), r.from == "q".
  allow heavy: "heavy" if big(r.to).
}
)";

Datum text(const std::string& s) {
  Datum out;
  out.type = kStringType;
  out.text = s;
  return out;
}

class Planted : public ::testing::Test {
 protected:
  void SetUp() override {
    analysis_ = analyze({{"planted.lictor", kProgram}}, {});
    ASSERT_TRUE(analysis_.ok) << analysis_.diagnostics[0].message;
    auto plan = make_plan(analysis_, {});
    ASSERT_TRUE(plan);
    EngineOptions options;
    options.engine = EngineKind::kInterpreter;
    engine_ = *Engine::make(*plan, options);
    FactSet facts = inline_facts(**plan);
    naive_ = std::make_unique<Naive>(analysis_.program, std::vector<Datum>(), facts);
    checker_ = std::make_unique<ProofChecker>(analysis_, *naive_);
    ASSERT_TRUE(engine_->publish(facts));
  }

  uint32_t relation(const std::string& name) const {
    for (uint32_t r = 0; r < analysis_.program.schema.relations.size(); ++r) {
      if (analysis_.program.schema.relations[r].info.name == name) return r;
    }
    return kNoIndex;
  }

  /// The proof of a row of texts, which is right.
  ProofNode proof(const std::string& name, const std::vector<std::string>& values) {
    row_.clear();
    for (const std::string& value : values) row_.push_back(text(value));
    relation_ = relation(name);
    auto out = prove(*engine_, relation_, row_);
    EXPECT_TRUE(out);
    EXPECT_EQ(checker_->row(relation_, row_, *out), "");
    return *out;
  }
  ProofNode proof_of_busy() {
    row_ = naive_->rows(relation("busy"))[0];
    relation_ = relation("busy");
    auto out = prove(*engine_, relation_, row_);
    EXPECT_EQ(checker_->row(relation_, row_, *out), "");
    return *out;
  }
  std::string complaint(const ProofNode& spoilt) { return checker_->row(relation_, row_, spoilt); }

  Place place_of_rule(size_t number) const { return analysis_.sources->place(analysis_.program.rules[number].span); }

  Explanation explained(const std::string& from, const std::string& to) {
    auto request = BoundRequest::from_values(*engine_, 0, {text(from), text(to)});
    Explanation out = explain(*engine_, *request, 0);
    wanted_ = naive_->decide(0, {text(from), text(to)}, 0);
    checker_->forget_request();
    EXPECT_EQ(checker_->decision(0, wanted_, out.proof), "");
    EXPECT_EQ(checker_->near_misses(0, wanted_.outcome, out.near_misses), "");
    return out;
  }
  std::string misses(const std::vector<NearMiss>& spoilt) { return checker_->near_misses(0, wanted_.outcome, spoilt); }

  Analysis analysis_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<Naive> naive_;
  std::unique_ptr<ProofChecker> checker_;
  std::vector<Datum> row_;
  uint32_t relation_ = 0;
  NaiveDecision wanted_;
};

TEST_F(Planted, ARowThatIsWrong) {
  const ProofNode right = proof("reach", {"a", "d"});
  ProofNode other = right;
  other.row[1] = text("c");
  EXPECT_THAT(complaint(other), HasSubstr("the proof of another row"));
  ProofNode absent = right;
  absent.children[0].row[1] = text("q");
  EXPECT_THAT(complaint(absent), HasSubstr("the row does not hold"));
  ProofNode unfit = right;  // a row that holds, with its own right proof, in the wrong place
  unfit.children[0] = proof("reach", {"b", "a"});
  proof("reach", {"a", "d"});
  EXPECT_THAT(complaint(unfit), HasSubstr("its premises do not hold together"));
  ProofNode told = right;
  told.children[1].text = "link(\"c\", \"q\")";
  EXPECT_THAT(complaint(told), HasSubstr("its text is another row's"));
  ProofNode narrow = right;
  narrow.children[1].row.pop_back();
  EXPECT_THAT(complaint(narrow), HasSubstr("no row of any relation"));
}

TEST_F(Planted, APremiseThatIsMissingOrOneTooMany) {
  const ProofNode right = proof("reach", {"a", "d"});
  ProofNode less = right, more = right, swapped = right;
  less.children.pop_back();
  more.children.push_back(more.children.back());
  std::swap(swapped.children[0], swapped.children[1]);
  EXPECT_THAT(complaint(less), HasSubstr("a premise is missing"));
  EXPECT_THAT(complaint(more), HasSubstr("a premise is missing"));
  EXPECT_THAT(complaint(swapped), HasSubstr("not the premise that stands here"));
}

TEST_F(Planted, ARuleThatIsAnother) {
  const ProofNode right = proof("reach", {"a", "d"});
  ProofNode other = right, foreign = right, named = right;
  other.place = place_of_rule(0);
  foreign.place = place_of_rule(2);
  named.rule = "link";
  EXPECT_THAT(complaint(other), HasSubstr("not the canonical rule"));
  EXPECT_THAT(complaint(foreign), HasSubstr("no rule of this relation stands there"));
  EXPECT_THAT(complaint(named), HasSubstr("named after another relation"));
}

TEST_F(Planted, BindingsThatAreSwappedLeftOutOrInvented) {
  const ProofNode right = proof("reach", {"a", "d"});
  ASSERT_EQ(right.bindings.size(), 3u);
  ProofNode swapped = right, less = right, more = right;
  std::swap(swapped.bindings[0].second, swapped.bindings[1].second);
  less.bindings.pop_back();
  more.bindings.emplace_back("w", text("a"));
  for (const ProofNode& spoilt : {swapped, less, more})
    EXPECT_THAT(complaint(spoilt), HasSubstr("its bindings are not those of its premises"));
}

TEST_F(Planted, BindingsThatAreNotTheLeast) {
  ProofNode other = proof("out", {"a"});  // by b; e would do
  other.children[0].row[1] = text("e");
  other.bindings[1].second = text("e");
  EXPECT_THAT(complaint(other), HasSubstr("not the least bindings"));
}

TEST_F(Planted, AFactThatIsNoneAndAFactWithAReason) {
  ProofNode derived = proof("reach", {"a", "d"});
  derived.children[0].kind = Kind::kFact;
  derived.children[0].children.clear();
  derived.children[0].place = proof("reach", {"a", "d"}).children[1].place;
  EXPECT_THAT(complaint(derived), HasSubstr("not a fact"));
  ProofNode reasoned = proof("reach", {"a", "b"});
  reasoned.children[0].children.push_back(ProofNode());
  EXPECT_THAT(complaint(reasoned), HasSubstr("a fact rests on nothing"));
  ProofNode ruled = proof("link", {"a", "b"});
  ruled.kind = Kind::kRule;
  EXPECT_THAT(complaint(ruled), HasSubstr("a fact proved by a rule"));
}

TEST_F(Planted, ARowThatRestsOnItself) {
  ProofNode spoilt = proof("reach", {"a", "a"});  // by reach(a, c), which is by reach(a, b)
  ProofNode& start = spoilt.children[0].children[0];
  ASSERT_THAT(start.text, HasSubstr("reach(\"a\", \"b\")"));
  ProofNode self = spoilt;
  self.kind = Kind::kAbbreviated;
  self.children.clear();
  self.bindings.clear();
  ProofNode step = start.children[0];
  start.place = place_of_rule(1);
  start.bindings = {{"x", text("a")}, {"z", text("a")}, {"y", text("b")}};
  start.children = {self, step};
  EXPECT_THAT(complaint(spoilt), HasSubstr("proved from itself"));
  ProofNode nowhere = proof("reach", {"a", "d"});
  nowhere.children[0].kind = Kind::kAbbreviated;
  nowhere.children[0].children.clear();
  EXPECT_THAT(complaint(nowhere), HasSubstr("not proved anywhere"));
}

TEST_F(Planted, ATestOrANegationThatFails) {
  ProofNode small = proof("big", {"a"});  // by size 5
  small.children[0].row[1].n = 1;
  small.bindings[1].second.n = 1;
  EXPECT_THAT(complaint(small), HasSubstr("its premises do not hold together"));
  ProofNode seeded = proof("bare", {"a"});  // by e, which is no seed
  seeded.children[0].row[1] = text("b");
  seeded.bindings[1].second = text("b");
  EXPECT_THAT(complaint(seeded), HasSubstr("its premises do not hold together"));
}

TEST_F(Planted, AnAggregateOfOtherTuples) {
  const ProofNode right = proof_of_busy();
  ASSERT_EQ(right.children[1].kind, Kind::kAggregate);
  ASSERT_EQ(right.children[1].children.size(), 2u);
  ProofNode total = right, order = right, less = right;
  total.children[1].total++;
  std::swap(order.children[1].children[0], order.children[1].children[1]);
  less.children[1].children.pop_back();
  for (const ProofNode& spoilt : {total, order, less})
    EXPECT_THAT(complaint(spoilt), HasSubstr("its premises do not hold together"));
}

TEST_F(Planted, AnExistsOrAnOrThatIsNotShown) {
  const ProofNode right = proof("known", {"a"});
  ASSERT_EQ(right.children[1].children.size(), 2u);
  ProofNode less = right, other = right;
  less.children[1].children.pop_back();
  other.children[1].children[0].row[1] = text("e");
  for (const ProofNode& spoilt : {less, other})
    EXPECT_THAT(complaint(spoilt), HasSubstr("its premises do not hold together"));
  ProofNode tied = proof("tied", {"a"});
  tied.children[1].children.clear();
  EXPECT_THAT(complaint(tied), HasSubstr("its premises do not hold together"));
}

TEST_F(Planted, ADecisionByAnotherClauseOrInstance) {
  const Explanation right = explained("a", "d");
  ASSERT_EQ(right.decision.winner.id, "far");
  ProofNode other = right.proof, fallback = right.proof, instance = right.proof;
  other.rule = "large";
  fallback.kind = Kind::kDefault;
  instance.children[0] = proof("reach", {"b", "c"});
  EXPECT_THAT(checker_->decision(0, wanted_, other), HasSubstr("not the clause that decided"));
  EXPECT_THAT(checker_->decision(0, wanted_, fallback), HasSubstr("not the clause that decided"));
  EXPECT_THAT(checker_->decision(0, wanted_, instance), HasSubstr("its premises do not hold together"));
  ProofNode denied = explained("a", "q").proof;
  EXPECT_THAT(checker_->decision(0, wanted_, right.proof), HasSubstr("the default decided"));
  denied.children.push_back(right.proof);
  EXPECT_THAT(checker_->decision(0, wanted_, denied), HasSubstr("the default rests on nothing"));
}

TEST_F(Planted, ANearMissThatIsNone) {
  const std::vector<NearMiss> right = explained("a", "e2").near_misses;
  ASSERT_EQ(right.size(), 4u);
  auto spoilt = [&](const std::string& clause, const std::function<void(NearMiss&)>& change) {
    std::vector<NearMiss> out = right;
    for (NearMiss& miss : out) {
      if (miss.clause == clause) change(miss);
    }
    return misses(out);
  };
  std::vector<NearMiss> less(right.begin(), right.end() - 1), order = right;
  std::swap(order[0], order[3]);
  EXPECT_THAT(misses(less), HasSubstr("3 near misses, wanted 4"));
  EXPECT_THAT(misses(order), HasSubstr("comes here"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.held--; }), HasSubstr("is where it stopped"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.total++; }), HasSubstr("the number of premises is wrong"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.place.column++; }), HasSubstr("the premise stands elsewhere"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.bindings[0].second.n = 1; }), HasSubstr("its bindings are not"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.outcome = ast::Outcome::kDeny; }), HasSubstr("comes here"));
  EXPECT_THAT(spoilt("quick", [](NearMiss& m) { m.in_rule.reset(); }), HasSubstr("a rule could have made such a row"));
  EXPECT_THAT(spoilt("quick", [](NearMiss& m) { m.in_rule->held++; }), HasSubstr("in the rule"));
  EXPECT_THAT(spoilt("quick", [&](NearMiss& m) { m.in_rule->rule_place = place_of_rule(0); }),
              HasSubstr("another rule came nearest"));
  EXPECT_THAT(spoilt("large", [](NearMiss& m) { m.in_rule = NearMiss::InRule(); }),
              HasSubstr("no rule could have made such a row"));
}

}  // namespace
}  // namespace lictor::testing
