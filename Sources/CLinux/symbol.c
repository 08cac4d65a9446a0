#define _GNU_SOURCE
#include "arena_linux_symbol.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>

int arena_linux_symbol_is_in(void *handle, const void *address) {
    struct link_map *library = NULL;
    Dl_info found;
    void *base = NULL;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &library) || !dladdr1(address, &found, &base, RTLD_DL_LINKMAP)) return 0;
    return base == library;
}

int arena_linux_symbol_path(const char *symbol, char *path, uint64_t size) {
    Dl_info found;
    void *address = dlsym(RTLD_DEFAULT, symbol);
    if (!address || !dladdr(address, &found) || !found.dli_fname) return ENOENT;
    uint64_t length = strlen(found.dli_fname) + 1;
    if (length > size) return ENAMETOOLONG;
    memcpy(path, found.dli_fname, length);
    return 0;
}
