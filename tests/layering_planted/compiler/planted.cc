#include "grammar/source.h"
#include "compiler/plan.h"
#include "compiler/llvm/orc.h"  // planted
#include "runtime/value.h"  // planted
#include <llvm/IR/Module.h>  // planted
#include <tao/pegtl.hpp>  // planted
  # include <sqlite3.h>  // planted
#include "tests/naive.h"  // planted
