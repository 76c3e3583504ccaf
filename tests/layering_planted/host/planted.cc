#include "stdlib/modules.h"
#include "host/bundle.h"
#include "host/store/audit.h"  // planted
#include <sqlite3.h>  // planted
#include "cli/output.h"  // planted
