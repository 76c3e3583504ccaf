// The way of a plan to code: fingerprint, cache, else IR and machine code; then linking.
#include "compiler/llvm/jit.h"

#include <chrono>

#include "compiler/llvm/codegen.h"
#include "compiler/llvm/fingerprint.h"
#include "compiler/llvm/object_cache.h"
#include "compiler/llvm/orc.h"

namespace lictor {
namespace {

using Clock = std::chrono::steady_clock;

class Native : public NativeCode {
 public:
  Native(const Plan& plan, std::unique_ptr<native::LinkedCode> code, bool from_cache, Clock::time_point begin)
      : code_(std::move(code)), from_cache_(from_cache) {
    void* const* entry = code_->entries();
    for (const DecisionPlan& decision : plan.decisions) {
      NativeDecision& one = decisions_.emplace_back();
      one.quick = reinterpret_cast<NativeDecision::Quick>(*entry++);
      one.quick_dense = reinterpret_cast<NativeDecision::Quick>(*entry++);
      for (size_t i = 0; i < decision.groups.size(); ++i) {
        one.groups.push_back(reinterpret_cast<void (*)(EvalContext*)>(*entry++));
      }
    }
    milliseconds_ = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  }
  const NativeDecision& decision(uint32_t index) const override { return decisions_[index]; }
  bool from_cache() const override { return from_cache_; }
  double build_milliseconds() const override { return milliseconds_; }

 private:
  std::unique_ptr<native::LinkedCode> code_;
  std::vector<NativeDecision> decisions_;
  bool from_cache_;
  double milliseconds_ = 0;
};

Result<std::shared_ptr<const NativeCode>> compile(const Plan& plan, const JitOptions& options) {
  auto begin = Clock::now();
  auto key = native::fingerprint(plan, options.optimize);
  if (!key) return std::unexpected(key.error());
  native::ObjectCache cache(native::has_build_identity() ? options.cache_dir : "");
  if (auto object = cache.load(*key)) {
    if (auto linked = native::link(std::move(*object), options.abi)) {
      return std::make_shared<Native>(plan, std::move(*linked), true, begin);
    }
  }
  auto object = native::make_object(plan, options.optimize);
  if (!object) return std::unexpected(object.error());
  auto linked = native::link(*object, options.abi);
  if (!linked) return std::unexpected(linked.error());
  cache.store(*key, *object);
  return std::make_shared<Native>(plan, std::move(*linked), false, begin);
}

}  // namespace

Result<std::shared_ptr<const NativeCode>> compile_native(const Plan& plan, const JitOptions& options) {
  try {
    return compile(plan, options);
  } catch (const std::exception& error) {  // out of memory
    return fail(ErrorKind::kUnavailable, std::string("native code cannot be made: ") + error.what());
  }
}

Result<std::string> dump_native(const Plan& plan, int optimize) {
  try {
    auto key = native::fingerprint(plan, optimize);  // refuses what has no native form
    if (!key) return std::unexpected(key.error());
    return native::make_text(plan, optimize);
  } catch (const std::exception& error) {
    return fail(ErrorKind::kUnavailable, std::string("native code cannot be made: ") + error.what());
  }
}

}  // namespace lictor
