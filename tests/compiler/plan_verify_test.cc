// Planted corruptions: each breaks a sound plan in one way, and the verifier must say what is broken.
#include <gtest/gtest.h>

#include "compiler/driver.h"
#include "compiler/plan_walk.h"
#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

constexpr const char* kSource = R"(module t
enum Color { red < green }
entity User { level: int, boss: User? }
relation p(a: int, b: string, u: User) key(a)
relation q(a: int, b: int)
relation rate(a: int, c: int 0..9) key(a)
request R { user: User, team: User?, level: int, name: string, tags: set<string> }
path(x, y) :- q(x, y).
path(x, z) :- path(x, y), q(y, z).
far(x) :- path(x, y), y > 3.
share(r: R, s) :- q(r.level, b), s = 100 / b.
steps(r: R, n) :- q(r.level, n).
steps(r: R, m) :- steps(r, n), q(n, m).
both(r: R, x) :- q(x, r.level).
both(r: R, x) :- p(x, r.name, _).
decision d(r: R) {
  default deny "no"
  deny erring: "{s}" if share(r, s).
  deny counted: "{n}" if n = count { x : path(x, r.level) }, n > 2.
  deny walked: "{n}" if steps(r, n), now > time"2026-01-01T00:00:00Z".
  deny some_team: "{l}" if some u = r.team, l = u.level, l > 3, not far(l).
  allow viewed: "{x}" if both(r, x), r.name != "z".
  allow tagged: "{t}" if t in r.tags, User(u), u.level > 3, u.id == t.
  allow first: "1" if r.name == "a", r.level > 1.
  allow second: "2" if r.name == "b", r.level > 2.
  allow looked: "{v}" if v = rate[r.level] ?? 3, v > 4.
}
)";

Plan sound_plan() {
  Analysis analysis = analyze_text(kSource);
  EXPECT_TRUE(analysis.ok) << rendered(analysis);
  auto plan = make_plan(analysis, {});
  EXPECT_TRUE(plan);
  return **plan;
}

ClauseGroup& group_of(Plan& plan, std::string_view id) {
  DecisionPlan& decision = plan.decisions[0];
  for (ClauseGroup& group : decision.groups) {
    for (uint32_t clause : group.clauses) {
      if (decision.clauses[clause].clause.id == id) return group;
    }
  }
  ADD_FAILURE() << "no group has " << id;
  return decision.groups[0];
}

/// The first step of that kind in the group of a clause, nested ones included.
Step& step_of(Plan& plan, std::string_view id, StepOp op) {
  Step* found = nullptr;
  each_step(group_of(plan, id).pipeline, [&](Step& step) {
    if (found == nullptr && step.op == op) found = &step;
  });
  EXPECT_NE(found, nullptr) << id;
  return *found;
}

Expr& filter_of(Plan& plan, std::string_view id) { return step_of(plan, id, StepOp::kFilter).expr; }

struct Corruption {
  const char* name;
  const char* finding;  // part of what must be said
  void (*plant)(Plan& plan);
};

const Corruption kCorruptions[] = {
    {"row_too_short", "a row of", [](Plan& p) { p.rows.back()[0].values.pop_back(); }},
    {"rows_missing", "not one list for each relation", [](Plan& p) { p.rows.pop_back(); }},
    {"params_missing", "not one value for each parameter", [](Plan& p) { p.params.emplace_back(); }},
    {"instances_missing", "not one list for each entity type", [](Plan& p) { p.instances.clear(); }},
    {"erring_short", "not one flag for each relation", [](Plan& p) { p.erring.pop_back(); }},
    {"index_of_nothing", "no such relation", [](Plan& p) { p.indexes[0].relation = 999; }},
    {"index_column", "no such column", [](Plan& p) { p.indexes[0].columns = {77}; }},
    {"index_order", "not ascending", [](Plan& p) { p.indexes[0].columns = {1, 0}; }},
    {"index_unique", "wrong about being unique", [](Plan& p) { p.indexes[0].unique = !p.indexes[0].unique; }},
    {"views_in_a_circle", "in a circle",
     [](Plan& p) { p.views[0].alternatives[0].steps.push_back(step_of(p, "viewed", StepOp::kCall)); }},
    {"view_emits", "emits another number of words", [](Plan& p) { p.views[0].alternatives[0].emit.clear(); }},
    {"view_errs", "can err", [](Plan& p) { p.views[0].alternatives[0].can_err = true; }},
    {"view_frame", "not one type and name for each slot", [](Plan& p) { p.views[0].slot_types.pop_back(); }},
    {"view_inputs", "more inputs than slots", [](Plan& p) { p.views[0].inputs = 99; }},
    {"rule_number", "no such rule", [](Plan& p) { p.strata[0].rules[0].rule = 99; }},
    {"rule_head", "the head is another", [](Plan& p) { p.strata[0].rules[0].head = 0; }},
    {"rule_emits", "words for", [](Plan& p) { p.strata[0].rules[0].pipeline.emit.pop_back(); }},
    {"stratum_time", "a relation of another time", [](Plan& p) { std::swap(p.strata, p.request_strata); }},
    {"stratum_order", "not computed before", [](Plan& p) { std::swap(p.strata[0], p.strata[1]); }},
    {"deltas_without_recursion", "deltas without recursion", [](Plan& p) { p.strata[0].recursive = false; }},
    {"delta_missing", "does not read new rows at one place",
     [](Plan& p) { each_step(p.strata[0].rules[1].deltas[0], [](Step& s) { s.delta = false; }); }},
    {"delta_in_full", "new rows", [](Plan& p) { p.strata[0].rules[1].pipeline.steps[0].delta = true; }},
    {"request_at_fact_time", "reads the request at fact time",
     [](Plan& p) { p.strata[1].rules[0].pipeline.steps.push_back(step_of(p, "first", StepOp::kFilter)); }},
    {"groups_out_of_order", "groups out of order",
     [](Plan& p) { std::swap(p.decisions[0].groups.front(), p.decisions[0].groups.back()); }},
    {"clause_twice", "stands in two groups",
     [](Plan& p) { p.decisions[0].groups.push_back(p.decisions[0].groups.back()); }},
    {"clause_unknown", "no such clause", [](Plan& p) { group_of(p, "erring").clauses[0] = 99; }},
    {"group_empty", "has no clause", [](Plan& p) { group_of(p, "erring").clauses.clear(); }},
    {"group_outcome", "has another outcome", [](Plan& p) { group_of(p, "second").outcome = ast::Outcome::kRequire; }},
    {"instance_words", "emits another number of words", [](Plan& p) { group_of(p, "erring").pipeline.emit.clear(); }},
    {"table_lost", "clauses without a table",
     [](Plan& p) {
       ClauseGroup& group = group_of(p, "first");
       group.table = false;
       group.pipeline.emit.erase(group.pipeline.emit.begin());
     }},
    {"table_unread", "does not read one table",
     [](Plan& p) {
       ClauseGroup& group = group_of(p, "first");
       for (RelationDecl& relation : p.schema.relations) relation.synthetic = false;
       group.table = true;
     }},
    {"table_of_others", "a clause that is not the group's", [](Plan& p) { p.rows.back()[0].values[0].n = 0; }},
    {"table_number", "does not emit the number",
     [](Plan& p) {
       ClauseGroup& group = group_of(p, "first");
       group.pipeline.emit[0].n = step_of(p, "first", StepOp::kScan).args[2].slot;
     }},
    {"request_stratum_unlisted", "does not list request stratum",
     [](Plan& p) { p.decisions[0].request_strata.clear(); }},
    {"request_stratum_unknown", "no such request stratum", [](Plan& p) { p.decisions[0].request_strata = {7}; }},
    {"now_unsaid", "uses `now`", [](Plan& p) { p.decisions[0].uses_now = false; }},
    {"max_instance", "more words than max_instance", [](Plan& p) { p.decisions[0].max_instance = 0; }},
    {"mentions_sound", "mentions a relation that cannot err",
     [](Plan& p) { p.decisions[0].clauses[1].mentions.push_back(0); }},
    {"clause_errs_unsaid", "can err and does not say so", [](Plan& p) { p.decisions[0].clauses[0].can_err = false; }},
    {"pipeline_errs_unsaid", "can err and does not say so",
     [](Plan& p) {
       for (StratumPlan& stratum : p.request_strata) {
         for (RulePlan& rule : stratum.rules) rule.pipeline.can_err = false;
       }
     }},
    {"single_claimed", "may have more than one solution",
     [](Plan& p) { group_of(p, "walked").pipeline.single = true; }},
    {"slot_unbound", "before it is bound",
     [](Plan& p) {
       auto& steps = group_of(p, "some_team").pipeline.steps;
       steps.erase(steps.begin());
     }},
    {"slot_out_of_range", "reads slot 999",
     [](Plan& p) { each_node(group_of(p, "walked").pipeline.emit[0], [](Expr& e) { e.n = 999; }); }},
    {"slot_bound_twice", "again",
     [](Plan& p) {
       auto& steps = group_of(p, "some_team").pipeline.steps;
       steps.insert(steps.begin(), steps[0]);
     }},
    {"slot_type", "reads a slot as another type",
     [](Plan& p) { group_of(p, "walked").pipeline.emit[0].type = kStringType; }},
    {"bind_out_of_range", "binds slot 999", [](Plan& p) { step_of(p, "some_team", StepOp::kSome).slot = 999; }},
    {"field_unknown", "no such field",
     [](Plan& p) {
       each_node(filter_of(p, "viewed"), [](Expr& e) {
         if (e.op == Op::kField) e.n = 99;
       });
     }},
    {"field_type", "reads a field as another type",
     [](Plan& p) {
       each_node(filter_of(p, "viewed"), [](Expr& e) {
         if (e.op == Op::kField) e.n = 2;
       });
     }},
    {"param_left", "a parameter is left",
     [](Plan& p) {
       each_node(filter_of(p, "viewed"), [](Expr& e) {
         if (e.op == Op::kField) e.op = Op::kParam;
       });
     }},
    {"constant_empty", "a constant without a value",
     [](Plan& p) { each_node(filter_of(p, "viewed"), [](Expr& e) { e.constant = nullptr; }); }},
    {"constant_unnumbered", "a constant without a number",
     [](Plan& p) {
       each_node(filter_of(p, "viewed"), [](Expr& e) {
         if (e.op == Op::kConst) e.n = 999;
       });
     }},
    {"constant_other", "a constant's number is another's",
     [](Plan& p) {
       each_node(filter_of(p, "viewed"), [](Expr& e) {
         if (e.op == Op::kConst) e.n = e.n == 0 ? 1 : 0;
       });
     }},
    {"constant_word", "a constant's word is not its value",
     [](Plan& p) {
       each_node(filter_of(p, "counted"), [](Expr& e) {
         if (e.op == Op::kConst) e.n = 77;
       });
     }},
    {"operands_missing", "of 1 operands", [](Plan& p) { filter_of(p, "viewed").args.pop_back(); }},
    {"can_err_wrong", "cannot err and says so",
     [](Plan& p) {
       filter_of(p, "viewed").can_err = true;
       group_of(p, "viewed").pipeline.can_err = true;
     }},
    {"filter_type", "the test is not a bool", [](Plan& p) { filter_of(p, "viewed").type = kIntType; }},
    {"compares_types", "compares values of two types", [](Plan& p) { filter_of(p, "viewed").args[0].type = kIntType; }},
    {"attribute_unknown", "no such attribute",
     [](Plan& p) {
       each_plan_root(group_of(p, "some_team").pipeline, [](Expr& root) {
         each_node(root, [](Expr& e) {
           if (e.op == Op::kAttr) e.n = 9;
         });
       });
     }},
    {"some_of_plain", "the value is not optional",
     [](Plan& p) {
       Step& step = step_of(p, "some_team", StepOp::kSome);
       step.expr.n = 0;
       step.expr.type = p.schema.requests[0].fields[0].type;
     }},
    {"scan_arguments", "arguments for", [](Plan& p) { step_of(p, "first", StepOp::kScan).args.pop_back(); }},
    {"scan_relation", "no such relation", [](Plan& p) { step_of(p, "walked", StepOp::kScan).relation = 999; }},
    {"scan_type", "an argument of type",
     [](Plan& p) {
       for (Arg& arg : step_of(p, "first", StepOp::kScan).args) {
         if (arg.mode == Arg::Mode::kMatch) arg.expr = slot_expr(0, kIntType, {});
       }
     }},
    {"scan_index", "no such index", [](Plan& p) { step_of(p, "first", StepOp::kScan).index = 999; }},
    {"scan_index_of_other", "the index is of another relation",
     [](Plan& p) {
       Step& scan = step_of(p, "first", StepOp::kScan);
       scan.index = scan.index == 0 ? 1 : 0;
     }},
    {"scan_index_columns", "a column that the scan does not match",
     [](Plan& p) {
       Index& index = p.indexes[step_of(p, "first", StepOp::kScan).index];
       index.columns = {2};
     }},
    {"call_unknown", "no such view", [](Plan& p) { step_of(p, "viewed", StepOp::kCall).view = 999; }},
    {"call_arguments", "arguments for", [](Plan& p) { step_of(p, "viewed", StepOp::kCall).args.clear(); }},
    {"call_inputs", "inputs are not as many",
     [](Plan& p) { step_of(p, "viewed", StepOp::kCall).inputs.push_back(filter_of(p, "viewed")); }},
    {"member_of_nothing", "not a collection",
     [](Plan& p) {
       Step& step = step_of(p, "tagged", StepOp::kMember);
       step.expr.n = 3;
       step.expr.type = kStringType;
     }},
    {"instances_unknown", "no such entity type",
     [](Plan& p) { step_of(p, "tagged", StepOp::kInstances).relation = 99; }},
    {"any_empty", "has no body", [](Plan& p) { step_of(p, "some_team", StepOp::kAny).bodies.clear(); }},
    {"nested_emits", "a nested pipeline emits",
     [](Plan& p) { step_of(p, "some_team", StepOp::kAny).bodies[0].emit.push_back(filter_of(p, "some_team")); }},
    {"filter_with_bodies", "has bodies", [](Plan& p) { step_of(p, "viewed", StepOp::kFilter).bodies.emplace_back(); }},
    {"lookup_empty", "has no value", [](Plan& p) { step_of(p, "looked", StepOp::kLookup).tuple.clear(); }},
    {"lookup_bodies", "needs one body", [](Plan& p) { step_of(p, "looked", StepOp::kLookup).bodies.clear(); }},
    {"lookup_value", "the value is not optional",
     [](Plan& p) { step_of(p, "looked", StepOp::kLookup).tuple[0].type = kIntType; }},
    {"aggregate_empty", "has no value", [](Plan& p) { step_of(p, "counted", StepOp::kAggregate).tuple.clear(); }},
    {"aggregate_bodies", "needs one body", [](Plan& p) { step_of(p, "counted", StepOp::kAggregate).bodies.clear(); }},
};

class PlantedCorruption : public testing::TestWithParam<Corruption> {};

TEST_P(PlantedCorruption, IsFound) {
  Plan plan = sound_plan();
  ASSERT_EQ(verify(plan), std::vector<std::string>{});
  GetParam().plant(plan);
  std::vector<std::string> findings = verify(plan);
  std::string all;
  for (const std::string& finding : findings) all += finding + "\n";
  EXPECT_NE(all.find(GetParam().finding), std::string::npos) << "found instead:\n" << all;
}

INSTANTIATE_TEST_SUITE_P(PlanVerify, PlantedCorruption, testing::ValuesIn(kCorruptions),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(PlanVerify, AStageThatBreaksThePlanFailsTheCompilation) {
  Analysis analysis = analyze_text(kSource);
  ASSERT_TRUE(analysis.ok);
  LowerOptions options;
  options.verify = true;
  options.observe = [](std::string_view stage, const Plan& plan) {
    // the observer may not change a plan; this one breaks that promise on purpose
    if (stage == "drop_dead") const_cast<Plan&>(plan).views[0].inputs = 99;
  };
  auto plan = make_plan(analysis, options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kInternal);
  EXPECT_NE(plan.error().message.find("after `drop_dead`"), std::string::npos) << plan.error().message;
}

}  // namespace
}  // namespace lictor
