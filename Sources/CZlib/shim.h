// zlib, and what is a macro there as a function that Swift can call.
#ifndef ARENA_CZLIB_SHIM_H
#define ARENA_CZLIB_SHIM_H

#include <zlib.h>

/// Begins a gzip stream (window of 32 KiB, gzip header). Z_OK or an error of zlib.
static inline int arena_gzip_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
