#include "compiler/analyze.h"
#include "runtime/value.h"  // planted
#include "compiler/llvm/orc.h"  // planted
