#include <string>
#include "lictor/error.h"
#include "grammar/source.h"  // planted
