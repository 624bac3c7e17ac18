#pragma once

// The function of this name in the library CTorch, which is loaded by the first call. Ends the program with a message
// where that fails: nothing that wants a tensor can go on.
void *lazytorch_function(const char *name);
