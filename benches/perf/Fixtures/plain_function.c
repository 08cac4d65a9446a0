/* plain_function.c: the least functions that a scorer without Arena code can be, and libffi's call of them alone. */
#include <ffi.h>
#include <stddef.h>
#include <stdint.h>

double plain_number(double a);
double plain_cstrings(const char *a, const char *b);
double plain_strings(const char *a, size_t a_length, const char *b, size_t b_length);
double ffi_alone(void *function, unsigned words, int is_number, uint64_t *values, unsigned times);

double plain_number(double a) {
    return a;
}

double plain_cstrings(const char *a, const char *b) {
    return *a == *b;
}

double plain_strings(const char *a, size_t a_length, const char *b, size_t b_length) {
    return a_length == b_length && *a == *b;
}

/* Calls a function with ready words so many times: what nobody who uses libffi can save. */
double ffi_alone(void *function, unsigned words, int is_number, uint64_t *values, unsigned times) {
    ffi_cif cif;
    ffi_type *types[4];
    void *places[4];
    for (unsigned i = 0; i < words && i < 4; i++) {
        types[i] = is_number ? &ffi_type_double : i % 2 != 0 ? &ffi_type_uint64 : &ffi_type_pointer;
        places[i] = values + i;
    }
    if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, words, &ffi_type_double, types) != FFI_OK) return -1;
    double sum = 0;
    for (unsigned i = 0; i < times; i++) {
        double result;
        ffi_call(&cif, FFI_FN(function), &result, places);
        sum += result;
    }
    return sum;
}
