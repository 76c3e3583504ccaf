// An engine from the text of a policy, for tests that are about facts, requests and decisions rather than plans.
#pragma once

#include <memory>
#include <string>

#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "runtime/engine.h"

namespace lictor::testing {

/// The plan of a policy that has no mistakes; a test failure and null where it has.
std::shared_ptr<const Plan> plan_of(const std::string& text);

/// An interpreting engine with the policy's inline facts and the given JSON facts published.
std::shared_ptr<Engine> engine_of(const std::string& text, const std::string& facts = "", EngineOptions options = {});

/// "E0703 `/amount`: expected an int, found a string", one line per diagnostic; hints in brackets.
std::string lines(const Error& error);

}  // namespace lictor::testing
