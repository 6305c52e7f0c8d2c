/* Stands between the SDK and the native library, and notes its beginning and its end.
 *
 * The SDK loads it by LIVEKIT_LIB_PATH. SHIM_TARGET is the real library, SHIM_MARKS the file that
 * gets one line, "<pid> <what>", for each note. Counting happens below Python: nothing that the
 * Python side believes of itself is taken for granted. With SHIM_HANGS set, dispose never returns.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *target(const char *symbol) {
    void *library = dlopen(getenv("SHIM_TARGET"), RTLD_NOW);
    void *address = library ? dlsym(library, symbol) : NULL;
    if (!address) {
        fprintf(stderr, "counting shim: %s\n", dlerror());
        _exit(70);
    }
    return address;
}

static void mark(const char *what) {
    FILE *marks = fopen(getenv("SHIM_MARKS"), "a");
    if (!marks) _exit(71);
    fprintf(marks, "%d %s\n", (int)getpid(), what);
    fclose(marks);
}

void livekit_ffi_initialize(void *callback, bool capture_logs, const char *sdk, const char *version) {
    void (*initialize)(void *, bool, const char *, const char *) = target("livekit_ffi_initialize");
    mark("initialize");
    initialize(callback, capture_logs, sdk, version);
}

uint64_t livekit_ffi_request(const uint8_t *data, size_t size, const uint8_t **answer, size_t *answer_size) {
    uint64_t (*request)(const uint8_t *, size_t, const uint8_t **, size_t *) = target("livekit_ffi_request");
    return request(data, size, answer, answer_size);
}

bool livekit_ffi_drop_handle(uint64_t handle) {
    bool (*drop_handle)(uint64_t) = target("livekit_ffi_drop_handle");
    return drop_handle(handle);
}

void livekit_ffi_dispose(void) {
    void (*dispose)(void) = target("livekit_ffi_dispose");
    mark("dispose begins");
    while (getenv("SHIM_HANGS")) pause();
    dispose();
    mark("dispose ends");
}
