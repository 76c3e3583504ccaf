// A plan made by hand: the maturity gate of the language's description, in small. For tests that need an engine and no
// compiler before it.
//
//   enum Maturity { student < intern < supervised }
//   entity Group in Group {}      entity Agent in Group { maturity: Maturity, boss: Agent? }
//   relation complexity(action: string, level: int 1..4) key(action)      relation least(level, maturity) key(level)
//   relation reports(who: Agent, to: Agent)     chain(who, to): the transitive closure of reports, recursive
//   request Act { agent: Agent?, action: string, amount: int = 1 }
//   decision govern: default deny "nothing applies"
//     0 allow mature(n): if some a = r.agent, complexity(r.action, n), least(n, m), a.maturity >= m
//     1 deny below(a):   if some a = r.agent, complexity(r.action, n), least(n, m), a.maturity < m
//     2 deny unknown:    if not complexity(r.action, _)
//     3 override allow boss: if some a = r.agent, chain(a, Agent("root"))
#pragma once

#include <memory>

#include "compiler/plan.h"

namespace lictor::testing {

inline constexpr uint32_t kAgent = 1, kComplexity = 0, kLeast = 1, kReports = 2, kChain = 3;

/// `erring`: clause 1 also needs 9223372036854775807 + r.amount > 0, which overflows for amounts above 0.
std::shared_ptr<const Plan> gate_plan(bool erring = false);

}  // namespace lictor::testing
