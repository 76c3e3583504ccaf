// Two engines over one policy text, the interpreter and native code, and questions put to both.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/plan.h"
#include "runtime/engine.h"

namespace lictor::testing {

/// A plan of a policy's text. Fails the test (and returns null) where the text has errors.
std::shared_ptr<const Plan> plan_of(const std::string& text);

struct Engines {
  std::shared_ptr<Engine> interpreter;
  std::shared_ptr<Engine> native;
};

/// Both with the plan's inline facts published, after `edit`. The native engine has its code, or the test fails.
Engines engines_of(std::shared_ptr<const Plan> plan, EvalLimits limits = {},
                   const std::function<void(FactSet&)>& edit = nullptr);

/// "deny below: too young; also ...; errors ..." as both engines say; where they differ, or the quick forms do, the test fails.
std::string ask(const Engines& engines, const std::string& request, int64_t now = 0, uint32_t decision = 0);

}  // namespace lictor::testing
