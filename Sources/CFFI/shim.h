#ifndef ARENA_CFFI_SHIM_H
#define ARENA_CFFI_SHIM_H

#include <ffi.h>

/* The descriptions of C types are variables, which Swift takes for shared mutable state; nobody changes them. */
static inline ffi_type *arena_ffi_pointer(void) { return &ffi_type_pointer; }
static inline ffi_type *arena_ffi_u64(void) { return &ffi_type_uint64; }
static inline ffi_type *arena_ffi_i32(void) { return &ffi_type_sint32; }
static inline ffi_type *arena_ffi_i64(void) { return &ffi_type_sint64; }
static inline ffi_type *arena_ffi_float(void) { return &ffi_type_float; }
static inline ffi_type *arena_ffi_double(void) { return &ffi_type_double; }

#endif
