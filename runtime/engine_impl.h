// The inside of an Engine.
//
// The newest snapshot is a shared pointer behind a mutex that is held for the copy of a pointer and nothing else; its
// version stands in an atomic of the Engine. A decision looks at the version alone, so as long as nothing was published it
// takes no lock and touches no reference count.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "runtime/engine.h"
#include "runtime/native.h"
#include "runtime/prepared.h"
#include "runtime/request_block.h"
#include "runtime/snapshot.h"

namespace lictor {

struct Engine::Impl {
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const Prepared> prepared;
  EngineOptions options;
  NativeSlot native;
  std::shared_ptr<RequestBlock::Pool> blocks = std::make_shared<RequestBlock::Pool>();

  std::mutex publishing;       // one publish() at a time
  mutable std::mutex pointer;  // guards `newest`
  std::shared_ptr<const Snapshot> newest;

  std::shared_ptr<const Snapshot> current() const {
    std::lock_guard lock(pointer);
    return newest;
  }
  /// There is no native code and there will be none.
  bool interprets_for_good() const { return options.engine != EngineKind::kJit || native.failed(); }
  const NativeCode* code() const { return options.engine == EngineKind::kJit ? native.ready() : nullptr; }
};

}  // namespace lictor
