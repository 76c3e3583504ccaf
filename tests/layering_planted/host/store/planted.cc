#include <sqlite3.h>
#include "host/bundle.h"
#include "service/server.h"  // planted
