// The functions of CTorch, of which none is there until one is called: LibTorch takes a third of a second to load, and a
// mistyped option, a file that is not there or a list of commands need none of it.
#pragma once

#include "../../CTorch/include/ctorch.h"

// Begins to load the library on a thread of its own: the first call of a function then waits for the rest alone. A program
// that ends meanwhile must do so by _exit(), for the library's destructors may not be run while it is being loaded.
void lazytorch_preload(void);

// What is done where the library cannot be loaded; it should end the program. Before, a message is printed and the program
// ended with 70.
void lazytorch_on_failure(void (*handler)(const char *library, const char *reason));
