// How much memory a change of facts may take when nobody says otherwise.
#pragma once

#include <cstdint>

namespace lictor {

/// Half of what this process can have (the machine's memory, or its control group's share of it), and at most 64 GiB: a
/// rule that derives without end is then refused before the system ends the process. The same at every call.
uint64_t default_load_memory();

}  // namespace lictor
