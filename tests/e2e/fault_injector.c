/* Makes the Nth call that changes a file fail, or the last thing that the program does.

   LD_PRELOAD=fault_injector.so LUMI_FAULT=7:kill     killed before the 7th such call
   LUMI_FAULT=7:28                                    the 7th call fails with errno 28
   LUMI_FAULT=7+:28                                   and so does every one after it
   LUMI_FAULT=7:short                                 the 7th call, if it writes, writes only half
   LUMI_FAULT_MARK=FILE                               is made when the fault happens

   Writing to stdout and stderr does not count, and no removal fails for want of space. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SHORT_WRITE = -1 };

static long wanted_call;
static int persistent;
static int action; /* an errno, SHORT_WRITE, or 0 to kill */
static atomic_long calls;

__attribute__((constructor)) static void read_settings(void) {
  const char* text = getenv("LUMI_FAULT");
  if (text == NULL) {
    return;
  }
  char* rest = NULL;
  wanted_call = strtol(text, &rest, 10);
  persistent = *rest == '+';
  rest += persistent + 1;
  action = strcmp(rest, "kill") == 0 ? 0 : strcmp(rest, "short") == 0 ? SHORT_WRITE : atoi(rest);
}

static void leave_mark(void) {
  const char* mark = getenv("LUMI_FAULT_MARK");
  if (mark != NULL) {
    const long fd = syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT, 0600);
    syscall(SYS_close, fd);
  }
}

/* The errno with which this call fails, SHORT_WRITE, or 0 if nothing is to happen. */
static int fault(void) {
  const long call = atomic_fetch_add(&calls, 1) + 1;
  if (wanted_call == 0 || (persistent ? call < wanted_call : call != wanted_call)) {
    return 0;
  }
  leave_mark();
  if (action == 0) {
    kill(getpid(), SIGKILL);
  }
  return action;
}

static int fails(void) {
  const int what = fault();
  if (what > 0) {
    errno = what;
  }
  return what > 0;
}

static int fails_to_remove(void) {
  const int what = fault();
  if (what <= 0 || what == ENOSPC || what == EDQUOT) {
    return 0;
  }
  errno = what;
  return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAULTY(name, parameters, arguments)                                                                            \
  int name parameters { return fails() ? -1 : NEXT(name) arguments; }

FAULTY(fsync, (int fd), (fd))
FAULTY(fdatasync, (int fd), (fd))
FAULTY(ftruncate, (int fd, off_t size), (fd, size))
FAULTY(ftruncate64, (int fd, off64_t size), (fd, size))
FAULTY(rename, (const char* from, const char* to), (from, to))
FAULTY(renameat, (int from_fd, const char* from, int to_fd, const char* to), (from_fd, from, to_fd, to))
FAULTY(renameat2,
       (int from_fd, const char* from, int to_fd, const char* to, unsigned flags),
       (from_fd, from, to_fd, to, flags))
FAULTY(link, (const char* from, const char* to), (from, to))
FAULTY(linkat, (int from_fd, const char* from, int to_fd, const char* to, int flags), (from_fd, from, to_fd, to, flags))

int unlink(const char* path) { return fails_to_remove() ? -1 : NEXT(unlink)(path); }

int unlinkat(int fd, const char* path, int flags) { return fails_to_remove() ? -1 : NEXT(unlinkat)(fd, path, flags); }
FAULTY(mkdir, (const char* path, mode_t mode), (path, mode))
FAULTY(mkdirat, (int fd, const char* path, mode_t mode), (fd, path, mode))
FAULTY(fchmod, (int fd, mode_t mode), (fd, mode))

static int changes(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0; }

static mode_t mode_of(int flags, va_list rest) { return (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0; }

#define FAULTY_OPEN(name)                                                                                              \
  int name(const char* path, int flags, ...) {                                                                         \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    const mode_t mode = mode_of(flags, rest);                                                                          \
    va_end(rest);                                                                                                      \
    if (changes(flags) && fails()) {                                                                                   \
      return -1;                                                                                                       \
    }                                                                                                                  \
    return NEXT(name)(path, flags, mode);                                                                              \
  }
#define FAULTY_OPENAT(name)                                                                                            \
  int name(int fd, const char* path, int flags, ...) {                                                                 \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    const mode_t mode = mode_of(flags, rest);                                                                          \
    va_end(rest);                                                                                                      \
    if (changes(flags) && fails()) {                                                                                   \
      return -1;                                                                                                       \
    }                                                                                                                  \
    return NEXT(name)(fd, path, flags, mode);                                                                          \
  }

FAULTY_OPEN(open)
FAULTY_OPEN(open64)
FAULTY_OPENAT(openat)
FAULTY_OPENAT(openat64)

#define FAULTY_WRITE(name, parameters, arguments)                                                                      \
  ssize_t name parameters {                                                                                            \
    const int what = fd == STDOUT_FILENO || fd == STDERR_FILENO ? 0 : fault();                                         \
    if (what > 0) {                                                                                                    \
      errno = what;                                                                                                    \
      return -1;                                                                                                       \
    }                                                                                                                  \
    if (what == SHORT_WRITE && size > 1) {                                                                             \
      size /= 2;                                                                                                       \
    }                                                                                                                  \
    return NEXT(name) arguments;                                                                                       \
  }

FAULTY_WRITE(write, (int fd, const void* data, size_t size), (fd, data, size))
FAULTY_WRITE(pwrite, (int fd, const void* data, size_t size, off_t offset), (fd, data, size, offset))
FAULTY_WRITE(pwrite64, (int fd, const void* data, size_t size, off64_t offset), (fd, data, size, offset))
