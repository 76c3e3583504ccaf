// Which instances of closed entity types a program takes for known: those whose attributes it may read.
//
// Values of an entity type come from facts, requests and parameters, where unknown ids are refused, and from the text.
// An id in the text that is only compared does no harm when no fact declares it: the comparison does not hold. One that
// is bound, derived or stands for a default has attributes, so there must be such an instance.
#pragma once

#include <string>
#include <vector>

#include "compiler/program.h"

namespace lictor {

struct ReadInstance {
  uint32_t entity = kNoIndex;
  std::string id;
  Span span;  // where it stands
  bool operator==(const ReadInstance&) const = default;
};

/// Each instance once, where it stands first.
std::vector<ReadInstance> read_instances(const Program& program);

}  // namespace lictor
