// A bare ExecutionSession: LLJIT would bring a compile layer and platform code that an object does not need, and cost
// milliseconds at each start. Addresses are given one by one, so generated code can call nothing else in the process.
#include "compiler/llvm/orc.h"

#include <llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h>
#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/TaskDispatch.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstring>

#include "compiler/llvm/memory_room.h"

namespace lictor::native {
namespace {

std::unexpected<Error> unavailable(llvm::Error error) {
  return fail(ErrorKind::kUnavailable, "native code cannot be linked: " + llvm::toString(std::move(error)));
}

class OrcCode : public LinkedCode {
 public:
  explicit OrcCode(std::unique_ptr<llvm::orc::ExecutorProcessControl> process)
      : session_(std::move(process)), layer_(session_) {
    session_.setErrorReporter([](llvm::Error error) { llvm::consumeError(std::move(error)); });
  }
  ~OrcCode() override { llvm::consumeError(session_.endSession()); }

  llvm::Error link(const std::string& object, std::span<const AbiSymbol> abi) {
    llvm::orc::JITDylib& library = session_.createBareJITDylib("lictor");
    llvm::orc::SymbolMap symbols;
    auto add = [&](std::string_view name, void* address) {
      symbols[session_.intern({name.data(), name.size()})] = {
          llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
    };
    for (const AbiSymbol& one : abi) add(one.name, one.address);
    // what code generation itself may call
    add("memcpy", reinterpret_cast<void*>(&std::memcpy));
    add("memmove", reinterpret_cast<void*>(&std::memmove));
    add("memset", reinterpret_cast<void*>(&std::memset));
    if (auto error = library.define(llvm::orc::absoluteSymbols(std::move(symbols)))) return error;
    auto buffer = llvm::MemoryBuffer::getMemBuffer(object, "lictor");
    if (auto error = layer_.add(library, std::move(buffer))) return error;
    auto table = session_.lookup({&library}, "lictor_entries");
    if (!table) return table.takeError();
    entries_ = table->getAddress().toPtr<void* const*>();
    return llvm::Error::success();
  }

  void* const* entries() const override { return entries_; }

 private:
  llvm::orc::ExecutionSession session_;
  llvm::orc::ObjectLinkingLayer layer_;
  void* const* entries_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<LinkedCode>> link(std::string object, std::span<const AbiSymbol> abi) {
  if (!has_room(kRoomForLink + 4 * object.size())) {
    return fail(ErrorKind::kUnavailable, "too little memory to link native code");
  }
  try {
    auto process =
        llvm::orc::SelfExecutorProcessControl::Create(nullptr, std::make_unique<llvm::orc::InPlaceTaskDispatcher>());
    if (!process) return unavailable(process.takeError());
    auto code = std::make_unique<OrcCode>(std::move(*process));
    if (auto error = code->link(object, abi)) return unavailable(std::move(error));
    return code;
  } catch (const std::exception& error) {
    return fail(ErrorKind::kUnavailable, std::string("native code cannot be linked: ") + error.what());
  }
}

}  // namespace lictor::native
