// From pipelines to code: one builder makes one Code.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "runtime/code.h"

namespace lictor {

/// Which relations and indexes grow while the code runs: those of the recursive stratum that is being computed. Their
/// chain indexes get numbers in the order in which the code first names them.
struct LiveRelations {
  std::vector<uint32_t> relations;
  std::vector<uint32_t> indexes;  // numbers of Plan::indexes, filled in by the builder
};

class CodeBuilder {
 public:
  /// `slots` of the pipeline itself. `live`: null where nothing grows. `decision`: whose clauses it is for, or null.
  CodeBuilder(const Plan& plan, uint32_t slots, LiveRelations* live, const DecisionPlan* decision);
  /// REQUIRES: called once. Solutions are emitted with `pipeline.emit`. Nothing where the code would be too large.
  std::optional<Code> build(const Pipeline& pipeline);

 private:
  using Label = uint32_t;
  struct Scope {
    uint32_t slots = 0;  // where the slots of the pipeline (or view) lie in the frame
    Label fail = 0;      // where to go on when a step does not hold
  };
  using Then = std::function<void(Scope&)>;

  // code_builder.cc: steps
  void pipeline(const Pipeline& pipeline, Scope& scope, const Then& then);
  void step(const Step& step, Scope& scope);
  void scan(const Step& step, Scope& scope);
  void member(const Step& step, Scope& scope);
  void call(const Step& step, Scope& scope);
  void any(const Step& step, Scope& scope);
  void lookup(const Step& step, Scope& scope);
  void aggregate(const Step& step, Scope& scope);
  void match_columns(const Step& step, const std::vector<Operand>& early, uint32_t iterator, Scope& scope);
  void match_value(const Arg& arg, Operand value, Scope& scope);
  bool reports(const Pipeline& pipeline) const;
  bool is_live(uint32_t relation) const;
  uint32_t chain(uint32_t index);

  // code_expr.cc: expressions
  Operand expr(const Expr& expr, Scope& scope);
  void into(uint32_t dst, const Expr& expr, Scope& scope);
  Operand constant(const Expr& expr);
  /// The word behind the request's fields for the row that a field names.
  std::optional<Operand> bound_row(const Expr& field, uint32_t index) const;
  Operand immediate(int64_t word);
  Operand binary(Vm op, const Expr& expr, Scope& scope);
  Operand generic(const Expr& expr, Scope& scope);
  Operand lazy(const Expr& expr, Scope& scope);
  void unless(const Expr& expr, Label label, Scope& scope);
  void if_true(const Expr& expr, Label label, Scope& scope);
  void compare(Vm op, Operand a, Operand b, Label label);

  Instr& add(Vm op);
  uint32_t take(uint32_t words);
  uint32_t site(Span span);
  uint32_t put(const std::vector<Operand>& operands);
  Label label();
  void bind(Label label);
  void jump(Label label);

  const Plan& plan_;
  const Schema& schema_;
  LiveRelations* live_;
  const DecisionPlan* decision_;
  Code code_;
  std::vector<uint32_t> labels_;  // positions
  std::map<int64_t, uint32_t> immediates_;
  std::map<uint64_t, uint32_t> sites_;
};

}  // namespace lictor
