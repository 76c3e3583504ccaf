#include <tao/pegtl.hpp>
#include "grammar/source.h"
#include "cli/output.h"  // planted
#include <spdlog/spdlog.h>  // planted
