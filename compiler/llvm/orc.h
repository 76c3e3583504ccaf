// Object file to callable code, by ORC and JITLink. Internal to this folder.
//
// Objects from the cache and fresh ones take the same way. JITLink writes into pages that are writable and not executable,
// and makes them executable and not writable before anything runs.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "compiler/llvm/jit.h"

namespace lictor::native {

/// Owns the mapped code.
class LinkedCode {
 public:
  virtual ~LinkedCode() = default;
  /// The table of entry points.
  virtual void* const* entries() const = 0;
};

/// Fails with kUnavailable: not an object for this machine, unknown symbols, no memory that may be executed.
Result<std::unique_ptr<LinkedCode>> link(std::string object, std::span<const AbiSymbol> abi);

}  // namespace lictor::native
