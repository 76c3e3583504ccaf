#include "lictor/error.h"
#include "compiler/ast.h"  // planted
#include <tao/pegtl.hpp>  // planted
