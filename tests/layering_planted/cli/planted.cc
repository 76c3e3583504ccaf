#include "host/store/audit.h"
#include "lsp/server.h"
#include <sqlite3.h>  // planted
