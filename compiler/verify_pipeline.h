// The part of the plan's verifier that looks into one pipeline (plan_verify.cc looks at the rest).
#pragma once

#include <string>
#include <vector>

#include "compiler/plan.h"

namespace lictor {

/// Where a pipeline stands, and so what it may read.
struct PipelineScope {
  std::string where;  // for findings
  uint32_t slots = 0;
  const std::vector<TypeId>* types = nullptr;
  uint32_t inputs = 0;           // slots that are bound from the start
  uint32_t request = kNoIndex;   // whose fields it may read
  bool at_request_time = false;  // may it read the request, `now` and relations of request time?
  bool may_delta = false;
  std::vector<bool> readable;  // by relation: is it computed before this pipeline runs?
};

class PipelineVerifier {
 public:
  PipelineVerifier(const Plan& plan, std::vector<std::string>& findings) : plan_(plan), findings_(findings) {}
  void check(const Pipeline& pipeline, const PipelineScope& scope);

 private:
  void find(const std::string& what);
  void pipeline(const Pipeline& pipeline, std::vector<bool> bound, bool nested);
  void step(const Step& step, std::vector<bool>& bound);
  void scan(const Step& step, const std::vector<bool>& bound);
  void call(const Step& step, const std::vector<bool>& bound);
  void member(const Step& step, const std::vector<bool>& bound);
  void closure(const Step& step, const std::vector<bool>& bound);
  void nested_tuple(const Step& step, const std::vector<bool>& bound);
  void aggregate(const Step& step, std::vector<bool>& bound);
  void args(const Step& step, size_t count, const std::vector<bool>& bound);
  void arg_type(const Arg& arg, TypeId type);
  void bind(uint32_t slot, std::vector<bool>& bound);
  void root(const Expr& expr, const std::vector<bool>& bound);
  void node(const Expr& expr, const std::vector<bool>& bound);
  void constant(const Expr& expr);
  void operands(const Expr& expr);
  TypeId slot_type(uint32_t slot) const;
  bool is_entity(TypeId type) const;
  TypeId unwrapped(TypeId type) const;
  bool same_kind(TypeId a, TypeId b) const;
  bool is_bool(const Expr& expr) const { return plan_.schema.types.kind(expr.type) == TypeKind::kBool; }

  const Plan& plan_;
  std::vector<std::string>& findings_;
  const PipelineScope* scope_ = nullptr;
  const Step* step_ = nullptr;
};

}  // namespace lictor
