#include <llvm/IR/Module.h>
#include "compiler/plan.h"
#include "compiler/llvm/orc.h"
#include "stdlib/table.h"  // planted
