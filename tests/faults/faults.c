/* Fails one chosen call on a path below a folder or on a socket, or writes down every such call.

Preloaded into a program and its children. Without FAULTS_CALL each call is written to FAULTS_LOG as
"role<TAB>call<TAB>path"; with it the FAULTS_NTH-th call of that role, name and path pattern fails with FAULTS_ERRNO,
with FAULTS_LASTING set all later ones do too, and "failed" is written. Role is "command" for the program itself and
"child" for what it starts. A socket's path is "socket"; others are relative to FAULTS_HOME, which is "." itself. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *home, *log_name, *role, *wanted_call, *wanted_path;
static size_t home_length;
static int wanted_errno, is_lasting, is_ours;
static long wanted_nth;
static atomic_long met;

/* As the variables say now: once when the program starts, and again in a fork that is given others. */
__attribute__((constructor)) void faults_begin(void)
{
    home = getenv("FAULTS_HOME");
    log_name = getenv("FAULTS_LOG");
    if (!home || !log_name)
        return;
    home_length = strlen(home);
    role = getenv("FAULTS_PARENT") ? "child" : "command";
    setenv("FAULTS_PARENT", "1", 1);
    met = 0;
    wanted_call = getenv("FAULTS_CALL");
    wanted_path = getenv("FAULTS_PATH");
    const char *wanted_role = getenv("FAULTS_ROLE");
    is_ours = wanted_call && wanted_path && wanted_role && !strcmp(wanted_role, role);
    wanted_nth = getenv("FAULTS_NTH") ? atol(getenv("FAULTS_NTH")) : 0;
    wanted_errno = getenv("FAULTS_ERRNO") ? atoi(getenv("FAULTS_ERRNO")) : EIO;
    is_lasting = getenv("FAULTS_LASTING") != NULL;
}

/* Straight to the kernel: these calls are not themselves watched. */
static void note(const char *what, const char *call, const char *path)
{
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", what, call, path);
    int log = syscall(SYS_openat, AT_FDCWD, log_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log >= 0) {
        syscall(SYS_write, log, line, (size_t)length);
        syscall(SYS_close, log);
    }
}

/* Whether this call is to fail; errno is set then, and as it was otherwise. */
static int fails(const char *call, const char *path)
{
    int before = errno, is_failing = 0;
    if (!wanted_call)
        note(role, call, path);
    else if (is_ours && !strcmp(call, wanted_call) && !fnmatch(wanted_path, path, FNM_PATHNAME)) {
        long number = atomic_fetch_add(&met, 1) + 1;
        is_failing = number == wanted_nth || (is_lasting && number > wanted_nth);
        if (number == wanted_nth)
            note("failed", call, path);
    }
    errno = is_failing ? wanted_errno : before;
    return is_failing;
}

/* The path below home, NULL for any other; the text is of the caller's buffer. */
static const char *below_home(const char *path)
{
    if (strncmp(path, home, home_length))
        return NULL;
    if (!path[home_length])
        return ".";
    return path[home_length] == '/' ? path + home_length + 1 : NULL;
}

static int fails_on_descriptor(const char *call, int descriptor)
{
    char name[64], path[PATH_MAX + 1];
    int before = errno;
    if (!home || !log_name)
        return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, PATH_MAX);
    errno = before;
    if (length < 0)
        return 0;
    path[length] = 0;
    const char *shown = strncmp(path, "socket:", 7) ? below_home(path) : "socket";
    return shown ? fails(call, shown) : 0;
}

static int fails_on_path(const char *call, int folder, const char *path)
{
    char whole[2 * PATH_MAX + 2], name[64];
    int before = errno;
    if (!home || !log_name || !path)
        return 0;
    if (path[0] != '/') {
        ssize_t length;
        if (folder == AT_FDCWD)
            length = getcwd(whole, PATH_MAX) ? (ssize_t)strlen(whole) : -1;
        else {
            snprintf(name, sizeof name, "/proc/self/fd/%d", folder);
            length = readlink(name, whole, PATH_MAX);
        }
        errno = before;
        if (length < 0)
            return 0;
        snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
        path = whole;
    }
    const char *shown = below_home(path);
    return shown ? fails(call, shown) : 0;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define MODE_OF(flags, mode)                                  \
    mode_t mode = 0;                                          \
    if ((flags) & O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE) { \
        va_list more;                                         \
        va_start(more, flags);                                \
        mode = va_arg(more, mode_t);                          \
        va_end(more);                                         \
    }

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...)                      \
    {                                                               \
        MODE_OF(flags, mode)                                        \
        if (fails_on_path("open", AT_FDCWD, path))                  \
            return -1;                                              \
        return REAL(int, name, const char *, int, ...)(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                             \
    int name(int folder, const char *path, int flags, ...)                       \
    {                                                                            \
        MODE_OF(flags, mode)                                                     \
        if (fails_on_path("openat", folder, path))                               \
            return -1;                                                           \
        return REAL(int, name, int, const char *, int, ...)(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

#define ON_PATH(name, said, result, failed, parameters, types, first, ...)  \
    result name parameters                                                  \
    {                                                                       \
        if (fails_on_path(said, AT_FDCWD, first))                           \
            return failed;                                                  \
        return ((result(*) types)dlsym(RTLD_NEXT, #name))(__VA_ARGS__);     \
    }
ON_PATH(creat, "open", int, -1, (const char *path, mode_t mode), (const char *, mode_t), path, path, mode)
ON_PATH(creat64, "open", int, -1, (const char *path, mode_t mode), (const char *, mode_t), path, path, mode)
ON_PATH(fopen, "open", FILE *, NULL, (const char *path, const char *mode), (const char *, const char *), path, path, mode)
ON_PATH(fopen64, "open", FILE *, NULL, (const char *path, const char *mode), (const char *, const char *), path, path, mode)
ON_PATH(opendir, "opendir", DIR *, NULL, (const char *path), (const char *), path, path)
ON_PATH(truncate, "truncate", int, -1, (const char *path, off_t size), (const char *, off_t), path, path, size)
ON_PATH(truncate64, "truncate", int, -1, (const char *path, off64_t size), (const char *, off64_t), path, path, size)
ON_PATH(rename, "rename", int, -1, (const char *path, const char *to), (const char *, const char *), to, path, to)
ON_PATH(link, "link", int, -1, (const char *path, const char *to), (const char *, const char *), to, path, to)
ON_PATH(symlink, "symlink", int, -1, (const char *path, const char *to), (const char *, const char *), to, path, to)
ON_PATH(unlink, "unlink", int, -1, (const char *path), (const char *), path, path)
ON_PATH(rmdir, "rmdir", int, -1, (const char *path), (const char *), path, path)
ON_PATH(remove, "unlink", int, -1, (const char *path), (const char *), path, path)
ON_PATH(mkdir, "mkdir", int, -1, (const char *path, mode_t mode), (const char *, mode_t), path, path, mode)
ON_PATH(chmod, "chmod", int, -1, (const char *path, mode_t mode), (const char *, mode_t), path, path, mode)

#define ON_FOLDER(name, said, parameters, types, folder, path, ...)   \
    int name parameters                                               \
    {                                                                 \
        if (fails_on_path(said, folder, path))                        \
            return -1;                                                \
        return ((int(*) types)dlsym(RTLD_NEXT, #name))(__VA_ARGS__);  \
    }
ON_FOLDER(unlinkat, "unlink", (int folder, const char *path, int flags), (int, const char *, int), folder, path, folder, path, flags)
ON_FOLDER(mkdirat, "mkdir", (int folder, const char *path, mode_t mode), (int, const char *, mode_t), folder, path, folder, path, mode)
ON_FOLDER(fchmodat, "chmod", (int folder, const char *path, mode_t mode, int flags), (int, const char *, mode_t, int), folder, path, folder, path, mode, flags)
ON_FOLDER(renameat, "rename", (int folder, const char *path, int into, const char *to), (int, const char *, int, const char *), into, to, folder, path, into, to)
ON_FOLDER(renameat2, "rename", (int folder, const char *path, int into, const char *to, unsigned flags), (int, const char *, int, const char *, unsigned), into, to, folder, path, into, to, flags)
ON_FOLDER(linkat, "link", (int folder, const char *path, int into, const char *to, int flags), (int, const char *, int, const char *, int), into, to, folder, path, into, to, flags)

#define ON_DESCRIPTOR(name, said, result, parameters, types, descriptor, ...) \
    result name parameters                                                    \
    {                                                                         \
        if (fails_on_descriptor(said, descriptor))                            \
            return -1;                                                        \
        return ((result(*) types)dlsym(RTLD_NEXT, #name))(__VA_ARGS__);       \
    }
ON_DESCRIPTOR(write, "write", ssize_t, (int to, const void *data, size_t size), (int, const void *, size_t), to, to, data, size)
ON_DESCRIPTOR(writev, "write", ssize_t, (int to, const struct iovec *data, int count), (int, const struct iovec *, int), to, to, data, count)
ON_DESCRIPTOR(pwrite, "write", ssize_t, (int to, const void *data, size_t size, off_t at), (int, const void *, size_t, off_t), to, to, data, size, at)
ON_DESCRIPTOR(pwrite64, "write", ssize_t, (int to, const void *data, size_t size, off64_t at), (int, const void *, size_t, off64_t), to, to, data, size, at)
ON_DESCRIPTOR(pwritev, "write", ssize_t, (int to, const struct iovec *data, int count, off_t at), (int, const struct iovec *, int, off_t), to, to, data, count, at)
ON_DESCRIPTOR(pwritev64, "write", ssize_t, (int to, const struct iovec *data, int count, off64_t at), (int, const struct iovec *, int, off64_t), to, to, data, count, at)
ON_DESCRIPTOR(pwritev64v2, "write", ssize_t, (int to, const struct iovec *data, int count, off64_t at, int flags), (int, const struct iovec *, int, off64_t, int), to, to, data, count, at, flags)
ON_DESCRIPTOR(copy_file_range, "write", ssize_t, (int from, off64_t *at, int to, off64_t *there, size_t size, unsigned flags), (int, off64_t *, int, off64_t *, size_t, unsigned), to, from, at, to, there, size, flags)
ON_DESCRIPTOR(sendfile, "write", ssize_t, (int to, int from, off_t *at, size_t size), (int, int, off_t *, size_t), to, to, from, at, size)
ON_DESCRIPTOR(sendfile64, "write", ssize_t, (int to, int from, off64_t *at, size_t size), (int, int, off64_t *, size_t), to, to, from, at, size)
ON_DESCRIPTOR(fallocate, "allocate", int, (int file, int mode, off_t at, off_t size), (int, int, off_t, off_t), file, file, mode, at, size)
ON_DESCRIPTOR(fallocate64, "allocate", int, (int file, int mode, off64_t at, off64_t size), (int, int, off64_t, off64_t), file, file, mode, at, size)
ON_DESCRIPTOR(ftruncate, "truncate", int, (int file, off_t size), (int, off_t), file, file, size)
ON_DESCRIPTOR(ftruncate64, "truncate", int, (int file, off64_t size), (int, off64_t), file, file, size)
ON_DESCRIPTOR(fsync, "sync", int, (int file), (int), file, file)
ON_DESCRIPTOR(fdatasync, "sync", int, (int file), (int), file, file)
ON_DESCRIPTOR(fchmod, "chmod", int, (int file, mode_t mode), (int, mode_t), file, file, mode)
ON_DESCRIPTOR(flock, "lock", int, (int file, int how), (int, int), file, file, how)
ON_DESCRIPTOR(connect, "connect", int, (int to, const struct sockaddr *address, socklen_t size), (int, const struct sockaddr *, socklen_t), to, to, address, size)
ON_DESCRIPTOR(send, "send", ssize_t, (int to, const void *data, size_t size, int flags), (int, const void *, size_t, int), to, to, data, size, flags)
ON_DESCRIPTOR(sendto, "send", ssize_t, (int to, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length), (int, const void *, size_t, int, const struct sockaddr *, socklen_t), to, to, data, size, flags, address, length)
ON_DESCRIPTOR(sendmsg, "send", ssize_t, (int to, const struct msghdr *message, int flags), (int, const struct msghdr *, int), to, to, message, flags)

/* posix_fallocate gives the error back instead of setting errno. */
#define POSIX_FALLOCATE(name, offset)                                         \
    int name(int file, offset at, offset size)                                \
    {                                                                         \
        if (fails_on_descriptor("allocate", file))                            \
            return wanted_errno;                                              \
        return ((int (*)(int, offset, offset))dlsym(RTLD_NEXT, #name))(file, at, size); \
    }
POSIX_FALLOCATE(posix_fallocate, off_t)
POSIX_FALLOCATE(posix_fallocate64, off64_t)

/* Of what fcntl does, only locking is watched; releasing one is not. */
static int is_locking(int command, const void *lock)
{
    int locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    return locks && lock && ((const struct flock *)lock)->l_type != F_UNLCK;
}

#define FCNTL(name)                                                          \
    int name(int file, int command, ...)                                     \
    {                                                                        \
        va_list more;                                                        \
        va_start(more, command);                                             \
        void *argument = va_arg(more, void *);                               \
        va_end(more);                                                        \
        if (is_locking(command, argument) && fails_on_descriptor("lock", file)) \
            return -1;                                                       \
        return REAL(int, name, int, int, ...)(file, command, argument);      \
    }
FCNTL(fcntl)
FCNTL(fcntl64)
