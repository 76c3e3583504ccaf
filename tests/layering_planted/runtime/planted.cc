#include <absl/container/flat_hash_map.h>
#include "compiler/llvm/native.h"
#include "stdlib/table.h"  // planted
#include <sqlite3.h>  // planted
#include <httplib.h>  // planted
#include <llvm/IR/Module.h>  // planted
#include <nlohmann/json.hpp>  // planted
