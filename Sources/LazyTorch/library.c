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

static void (*failed)(const char *library, const char *reason);

void lazytorch_on_failure(void (*handler)(const char *library, const char *reason)) { failed = handler; }

static void fail(const char *reason) {
  if (failed) failed(library_name, reason);
  fprintf(stderr, "error: %s: %s\n", library_name, reason);
  _exit(70);
}

// Loads the library that lies beside a file; a bundle of tests on macOS holds its program three folders below its own.
static void load_beside(const char *file) {
  char path[PATH_MAX];
  if (!realpath(file, path)) return;
  int levels = strstr(path, ".xctest/") ? 4 : 1;
  for (int level = 0; level < levels && !library; level++) {
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
#ifdef __linux__
  load_beside("/proc/self/exe");
#endif
  // Of a program this is its name as it was called, from a folder that it may have left since; on Linux it is of use
  // where this code is in a library of another program.
  if (!library && dladdr((void *)lazytorch_function, &info) && info.dli_fname && info.dli_fname[0] == '/') {
    load_beside(info.dli_fname);
  }
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
