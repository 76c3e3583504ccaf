// The compiler's way from a checked program to a plan: parameters, lowering, passes, and the verifier between them.
#include "compiler/driver.h"

#include <exception>

#include "compiler/lower.h"
#include "compiler/passes/passes.h"
#include "compiler/read_instances.h"
#include "compiler/rows_probe.h"
#include "grammar/big_stack.h"

namespace lictor {
namespace {

#ifdef NDEBUG
constexpr bool kAlwaysVerify = false;
#else
constexpr bool kAlwaysVerify = true;
#endif

Result<std::vector<Datum>> parameter_values(const Program& program, const LowerOptions& options) {
  std::vector<std::optional<Datum>> values;
  for (const ParamDecl& param : program.schema.params) values.push_back(param.value);
  for (const auto& [index, value] : options.params) {
    if (index >= values.size()) return fail(ErrorKind::kInternal, "a value for a parameter that does not exist");
    values[index] = value;
  }
  std::vector<Datum> out;
  std::string missing;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i]) {
      out.push_back(*values[i]);
    } else {
      missing += (missing.empty() ? "`" : ", `") + program.schema.params[i].info.qualified() + "`";
    }
  }
  if (missing.empty()) return out;
  return fail(ErrorKind::kInvalid,
              "no value for the parameter " + missing + ": give it in a parameter set or by --param");
}

std::string findings_text(std::string_view stage, const std::vector<std::string>& findings) {
  std::string text = "the plan is broken after `" + std::string(stage) + "`";
  for (const std::string& finding : findings) text += "\n" + finding;
  return text;
}

/// Calls the observer and the verifier after each stage; keeps what they find.
class StageCheck {
 public:
  StageCheck(const LowerOptions& options, const Plan& plan) : options_(options), plan_(plan) {}

  bool operator()(std::string_view stage) {
    if (options_.observe) options_.observe(stage, plan_);
    if (!options_.verify && !kAlwaysVerify) return true;
    std::vector<std::string> findings = verify(plan_);
    if (findings.empty()) return true;
    broken = findings_text(stage, findings);
    return false;
  }

  std::string broken;

 private:
  const LowerOptions& options_;
  const Plan& plan_;
};

/// `begin` calls begin_plan() with the program or with a copy of it.
template <class Begin>
Result<std::shared_ptr<const Plan>> make(const Analysis& analysis, const LowerOptions& options, Begin begin) {
  const Program& program = analysis.program;
  Result<std::vector<Datum>> params = parameter_values(program, options);
  if (!params) return std::unexpected(params.error());
  auto plan = std::make_shared<Plan>();
  StageCheck check(options, *plan);
  auto work = [&] {
    std::vector<ReadInstance> instances = read_instances(program);  // before the plan may take the program over
    *plan = begin(std::move(*params));
    plan->sources = analysis.sources;
    plan->read_instances = std::move(instances);
    plan->bundle_hash = options.bundle_hash;
    run_passes(program, *plan, std::ref(check));
  };
  try {
    run_on_big_stack(kBigStack, work);  // expressions nest as deep as the parser lets them
  } catch (const std::exception& error) {
    return fail(ErrorKind::kUnavailable, std::string("the plan could not be made: ") + error.what());
  }
  if (!check.broken.empty()) return fail(ErrorKind::kInternal, check.broken);
  return plan;
}

}  // namespace

Result<std::shared_ptr<const Plan>> make_plan(const Analysis& analysis, const LowerOptions& options) {
  if (!options.probes.empty() || options.rows_by_time) {
    Analysis with;
    with.sources = analysis.sources;
    with.program = analysis.program;
    return make_plan(std::move(with), options);
  }
  return make(analysis, options,
              [&](std::vector<Datum> params) { return begin_plan(analysis.program, std::move(params)); });
}

Result<std::shared_ptr<const Plan>> make_plan(Analysis&& analysis, const LowerOptions& options) {
  Program& program = analysis.program;
  for (uint32_t probe : options.probes) program.decisions.push_back(program.probes[probe]);
  for (uint32_t i = 0; options.rows_by_time && i < program.schema.relations.size(); ++i) {
    if (depends_on_time(program.schema.relations[i])) program.decisions.push_back(rows_probe(program, i));
  }
  return make(analysis, options,
              [&](std::vector<Datum> params) { return begin_plan(std::move(analysis.program), std::move(params)); });
}

}  // namespace lictor
