/* plain_function.c: the least function that a scorer without Arena code can be. */
#include <stddef.h>

double plain_function(const char *a, size_t a_length, const char *b, size_t b_length);

double plain_function(const char *a, size_t a_length, const char *b, size_t b_length) {
    return a_length == b_length && *a == *b;
}
