// How much to optimise is decided by the size of the module: LLVM's time per function is bounded because functions are
// (emit.h), so what remains is their number. Measured on one core, CPU time: a gate of 3 clauses 10 ms, 50 clauses of
// distinct shapes 57 ms, 200 (24,000 instructions) 190 ms; 1,000, beyond kFullEffort, 205 ms; unoptimised code of
// 50, 200 and 1,000 takes 9, 31 and 170 ms. One shape costs 10 ms whatever the number of its clauses.
#include "compiler/llvm/codegen.h"

#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Target/TargetOptions.h>
#include <llvm/TargetParser/Host.h>

#include <map>
#include <mutex>
#include <stdexcept>

#include "compiler/llvm/emit.h"
#include "compiler/llvm/late_init.h"
#include "compiler/llvm/memory_room.h"

namespace lictor::native {
namespace {

constexpr size_t kEverything = 4'000;    // instructions up to which everything gets all effort
constexpr size_t kFullEffort = 60'000;   // ... up to which all passes run, but full forms get plain machine code
constexpr size_t kSomeEffort = 250'000;  // ... up to which code is cleaned; beyond, it is made as it stands

/// The order matters: promote and clean, merge repeated probes (gvn), clean what that left.
constexpr const char* kPassesFull =
    "cgscc(inline,function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,gvn,simplifycfg,"
    "loop-mssa(licm),instcombine<no-verify-fixpoint>,dse,simplifycfg,adce)),globaldce";
constexpr const char* kPassesSome = "function(sroa,early-cse,simplifycfg),globaldce";

[[noreturn]] void throw_fatal(void*, const char* reason, bool) { throw std::runtime_error(reason); }
[[noreturn]] void throw_bad_alloc(void*, const char*, bool) { throw std::bad_alloc(); }

/// While one lives, what LLVM would abort for is thrown. One compilation at a time.
class FatalErrors {
 public:
  FatalErrors() : lock_(mutex()) {
    llvm::install_fatal_error_handler(throw_fatal);
    llvm::install_bad_alloc_error_handler(throw_bad_alloc);
  }
  ~FatalErrors() {
    llvm::remove_bad_alloc_error_handler();
    llvm::remove_fatal_error_handler();
  }
  FatalErrors(const FatalErrors&) = delete;
  FatalErrors& operator=(const FatalErrors&) = delete;

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> lock_;
};

struct Host {
  std::string triple = llvm::sys::getProcessTriple();
  std::string cpu = llvm::sys::getHostCPUName().str();
  std::string features;
  Host() {
    std::map<std::string, bool> sorted;
    for (const auto& feature : llvm::sys::getHostCPUFeatures()) sorted[feature.first().str()] = feature.second;
    for (const auto& [name, has] : sorted)
      features += (features.empty() ? "" : ",") + std::string(has ? "+" : "-") + name;
  }
};

const Host& host() {
  static const Host one;
  return one;
}

enum class Effort : uint8_t { kNone, kSome, kFull };

class Compilation {
 public:
  explicit Compilation(int optimize) : optimize_(optimize) {
    context_.setDiagnosticHandlerCallBack(
        [](const llvm::DiagnosticInfo* info, void* self) {
          if (info->getSeverity() == llvm::DS_Error) static_cast<Compilation*>(self)->failed_ = true;
        },
        this);
  }

  Result<std::string> object(const Plan& plan) {
    if (auto done = emit(plan); !done) return std::unexpected(done.error());
    llvm::SmallString<0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager passes;
    if (machine_->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile, true)) {
      return fail(ErrorKind::kUnavailable, "no machine code can be made for this processor");
    }
    passes.run(*module_);
    if (failed_) return fail(ErrorKind::kUnavailable, "making machine code failed");
    return std::string(bytes.data(), bytes.size());
  }

  Result<std::string> text(const Plan& plan) {
    if (auto done = emit(plan); !done) return std::unexpected(done.error());
    std::string out;
    llvm::raw_string_ostream stream(out);
    module_->print(stream, nullptr);
    return out;
  }

 private:
  size_t instructions() const {
    size_t count = 0;
    for (const llvm::Function& function : *module_) count += function.getInstructionCount();
    return count;
  }

  Effort effort() const {
    size_t instructions = this->instructions();
    if (optimize_ <= 0 || instructions > kSomeEffort) return Effort::kNone;
    return optimize_ == 1 || instructions > kFullEffort ? Effort::kSome : Effort::kFull;
  }

  Result<void> make_machine() {
    static const bool ready = !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
    std::string why;
    const llvm::Target* target = ready ? llvm::TargetRegistry::lookupTarget(host().triple, why) : nullptr;
    if (target == nullptr) return fail(ErrorKind::kUnavailable, "no code generator for this processor: " + why);
    machine_.reset(target->createTargetMachine(host().triple, host().cpu, host().features, llvm::TargetOptions(),
                                               llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                               llvm::CodeGenOptLevel::Default, true));
    if (!machine_) return fail(ErrorKind::kUnavailable, "no code generator for this processor");
    return {};
  }

  static Result<void> no_memory() { return fail(ErrorKind::kUnavailable, "too little memory to make machine code"); }

  /// Full forms report to the runtime, which costs more than they do; quick forms are what must be quick.
  void spare_full_forms() {
    for (llvm::Function& function : *module_) {
      if (!function.getName().starts_with(kFullPrefix)) continue;
      function.addFnAttr(llvm::Attribute::NoInline);
      function.addFnAttr(llvm::Attribute::OptimizeNone);
    }
  }

  /// The module, optimised.
  Result<void> emit(const Plan& plan) {
    if (!has_room(kRoomForPlan)) return no_memory();
    if (auto made = make_machine(); !made) return made;
    module_ = std::make_unique<llvm::Module>("lictor", context_);
    module_->setTargetTriple(host().triple);
    module_->setDataLayout(machine_->createDataLayout());
    ModuleEmitter(plan, *module_).run();
    if (!has_room(kRoomForPlan + kRoomPerInstruction * instructions())) return no_memory();
    Effort effort = this->effort();
    if (effort != Effort::kFull) machine_->setOptLevel(llvm::CodeGenOptLevel::None);
    if (effort == Effort::kNone) return {};
    if (instructions() > kEverything) spare_full_forms();
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager components;
    llvm::ModuleAnalysisManager modules;
    llvm::PassBuilder builder(machine_.get());
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);
    llvm::ModulePassManager passes;
    if (auto error = builder.parsePassPipeline(passes, effort == Effort::kFull ? kPassesFull : kPassesSome)) {
      return fail(ErrorKind::kInternal, "the optimiser refuses its passes: " + llvm::toString(std::move(error)));
    }
    passes.run(*module_, modules);
    return {};
  }

  int optimize_;
  bool failed_ = false;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::Module> module_;
  std::unique_ptr<llvm::TargetMachine> machine_;
};

Result<std::string> guarded(const Plan& plan, int optimize, Result<std::string> (Compilation::*form)(const Plan&)) {
  try {
    FatalErrors guard;
    run_late_init();
    return (Compilation(optimize).*form)(plan);
  } catch (const std::exception& error) {  // out of memory, or something LLVM gave up on
    return fail(ErrorKind::kUnavailable, std::string("making machine code failed: ") + error.what());
  }
}

}  // namespace

Result<std::string> make_object(const Plan& plan, int optimize) {
  return guarded(plan, optimize, &Compilation::object);
}

Result<std::string> make_text(const Plan& plan, int optimize) { return guarded(plan, optimize, &Compilation::text); }

std::string target_identity() {
  return host().triple + " " + host().cpu + " " + host().features + " LLVM " LLVM_VERSION_STRING;
}

}  // namespace lictor::native
