/* functions.c: a C library that knows nothing of Arena, with functions that behave and functions that do not. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* 1 if both texts are the same; misbehaves on certain answers, which no example has. */
EXPORT double same(const char *a, size_t a_length, const char *b, size_t b_length) {
    if (a_length == 5 && !memcmp(a, "crash", 5)) *(volatile int *)0 = 0;
    if (a_length == 5 && !memcmp(a, "abort", 5)) abort();
    if (a_length == 4 && !memcmp(a, "exit", 4)) _exit(3);
    if (a_length == 3 && !memcmp(a, "nan", 3)) return NAN;
    if (a_length == 3 && !memcmp(a, "inf", 3)) return INFINITY;
    if (a_length == 4 && !memcmp(a, "high", 4)) return 1.5;
    if (a_length == 3 && !memcmp(a, "low", 3)) return -0.5;
    while (a_length == 4 && !memcmp(a, "hang", 4)) usleep(1000);
    return a_length == b_length && !memcmp(a, b, a_length);
}

EXPORT double same_ended(const char *a, const char *b) { return strcmp(a, b) == 0; }

/* Takes a text for one that ends with NUL, and reads on. */
EXPORT double reads_on(const char *a, size_t length) { return strlen(a) == length; }

/* Changes what it may only read. */
EXPORT double writes(char *a, size_t length) {
    if (length) a[0] = 'X';
    return 1;
}

EXPORT int32_t percent(int32_t number) { return number; }
EXPORT int64_t large(int64_t number) { return number / 1000000000; }
EXPORT float half(double number) { return (float)(number / 2); }

EXPORT int32_t sum(const int32_t *numbers, size_t count) {
    int32_t total = 0;
    for (size_t i = 0; i < count; i++) total += numbers[i];
    return total;
}

EXPORT double mean(const float *numbers, size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; i++) total += numbers[i];
    return count ? total / (double)count : 0;
}

EXPORT double first_text(const char *input, size_t input_length, const char *output, size_t output_length) {
    return input_length >= output_length && !memcmp(input, output, output_length);
}
