#include <re2/re2.h>
#include "runtime/value.h"
#include "host/engine.h"  // planted
