// Native code for a plan: the only header of this folder that others include. No LLVM type appears in it.
//
// compile() makes one module: for every decision a quick function and one full function per clause group. The object is
// kept in `cache_dir` under a key of plan, engine version and CPU, with a checksum; a file that does not match is ignored
// and rebuilt. Code pages are never writable and executable at once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/layout.h"
#include "compiler/plan.h"
#include "lictor/error.h"

namespace lictor {

struct AbiSymbol {
  std::string_view name;
  void* address;
};

struct JitOptions {
  std::span<const AbiSymbol> abi;  // one per entry of abi.def
  std::string cache_dir;           // empty: no cache on disk
  int optimize = 2;                // 0 quick to build, 2 quick to run
};

/// Entry points of one decision. Valid while the NativeCode lives; may be called by any thread.
struct NativeDecision {
  /// Finds outcome and clause: a QuickDecision as one word; the deciding instance's words go to `values`, which has room for
  /// QuickDecision::kMostValues. Calls nothing that records. Where lictor_out_of_steps was called meanwhile, or
  /// lictor_relation gave null, the answer means nothing: a budget is exhausted.
  using Quick = uint64_t (*)(EvalContext* ctx, int64_t* values);
  Quick quick = nullptr;
  /// The same, for snapshots in which all of one_column_indexes() are dense. Null where that would gain nothing.
  Quick quick_dense = nullptr;
  /// By group: reports every instance by lictor_instance and every error by lictor_fail.
  std::vector<void (*)(EvalContext* ctx)> groups;
};

class NativeCode {
 public:
  virtual ~NativeCode() = default;
  virtual const NativeDecision& decision(uint32_t index) const = 0;
  virtual bool from_cache() const = 0;
  virtual double build_milliseconds() const = 0;
};

/// Fails with kUnavailable where code cannot be made or mapped; the caller then stays with the interpreter.
Result<std::shared_ptr<const NativeCode>> compile_native(const Plan& plan, const JitOptions& options);

/// The LLVM IR of the plan as text (`lictor check --dump llvm`).
Result<std::string> dump_native(const Plan& plan, int optimize);

}  // namespace lictor
