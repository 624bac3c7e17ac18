#define _GNU_SOURCE
#include "library.h"

#include "include/LazyTorch.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
static const char library_name[] = "libCTorch.dylib";
#else
static const char library_name[] = "libCTorch.so";
#endif

static void *library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fail(const char *reason) {
  fprintf(stderr, "error: %s: %s\nhint: 'make build' sets up LibTorch and builds the library beside the program\n",
          library_name, reason);
  _exit(70);
}

// Loads the library that lies beside a file, or in one of three folders above it: a bundle of tests lies deeper than the
// program does.
static void load_beside(const char *file) {
  char path[PATH_MAX];
  if (!realpath(file, path)) return;
  for (int level = 0; level < 4 && !library; level++) {
    char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) + sizeof(library_name) + 1 > sizeof(path)) return;
    strcpy(slash + 1, library_name);
    if (access(path, F_OK) == 0) {
      // Global: LibTorch's BLAS is looked up by name.
      library = dlopen(path, RTLD_LAZY | RTLD_GLOBAL);
      if (!library) fail(dlerror());
    }
    *slash = 0;
  }
}

static void load(void) {
  Dl_info info;
  // Of a program that was found through PATH this is its name alone.
  if (dladdr((void *)lazytorch_function, &info) && info.dli_fname && strchr(info.dli_fname, '/')) {
    load_beside(info.dli_fname);
  }
#ifdef __linux__
  if (!library) load_beside("/proc/self/exe");
#endif
  if (!library) fail("it is not beside the program");
}

static void *load_once(void *unused) {
  pthread_once(&once, load);
  return unused;
}

void lazytorch_preload(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, load_once, NULL) == 0) pthread_detach(thread);
}

void *lazytorch_function(const char *name) {
  pthread_once(&once, load);
  void *function = dlsym(library, name);
  if (!function) fail(name);
  return function;
}
