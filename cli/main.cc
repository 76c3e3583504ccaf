// The command `lictor`: everything is in command_line.cc, so that tests can run it without a process.
#include <cstdio>

#include "cli/command.h"
#include "cli/heap.h"

int main(int argc, char** argv) {
  lictor::cli::reserve_heap();
  lictor::cli::Output output(stdout, stderr);
  int code = lictor::cli::run_command_line(argc, argv, output);
  if (!output.flush()) {
    output.message("lictor: standard output could not be written\n");
    return lictor::cli::kExitInternal;
  }
  return code;
}
