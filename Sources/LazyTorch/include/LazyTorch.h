// The functions of CTorch, of which none is there until one is called: LibTorch takes a third of a second to load, and a
// mistyped option, a file that is not there or a list of commands need none of it.
#pragma once

#include "../../CTorch/include/ctorch.h"
