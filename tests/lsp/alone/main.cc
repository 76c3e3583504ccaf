// A program that holds the language server and nothing else of Lictor: no_llvm.cmake looks at what was linked with it.
#include <cstdio>

#include "lsp/stdio.h"

int main() { return lictor::lsp::serve(fileno(stdin), fileno(stdout), {}); }
