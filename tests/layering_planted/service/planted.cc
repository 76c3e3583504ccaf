#include <httplib.h>
#include "host/store/audit.h"
#include "lsp/server.h"  // planted
