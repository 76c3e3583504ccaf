// The server over a pair of files, as an editor starts it: standard input and output.
//
// One thread reads and finds cancellations, the calling thread does the work; so a request that waits behind a long
// analysis can still be taken back. Diagnostics are published when no message waits.
#pragma once

#include "lsp/options.h"

namespace lictor::lsp {

/// Serves until `exit` or the end of `input`. The result is the exit code: 0 after `shutdown` and `exit`, 1 otherwise.
///
/// The descriptors stay open.
int serve(int input, int output, Options options);

}  // namespace lictor::lsp
