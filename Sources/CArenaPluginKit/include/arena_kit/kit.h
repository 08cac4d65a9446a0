/* arena_kit/kit.h: small helpers for plugins in plain C, in one include. Header-only; needs arena/plugin.h and libc
 * with POSIX (-std=gnu11, or _POSIX_C_SOURCE 200809L).
 *
 * None of it is part of the ABI: a plugin that does without is as good a plugin. Names begin with ak_. Each header
 * holds one concept. Memory is allocated by ak_json_parse and by what adds to an ak_text, and by nothing else. */
#ifndef ARENA_KIT_KIT_H
#define ARENA_KIT_KIT_H

#include "arena/plugin.h"

#include "arena_kit/call.h"
#include "arena_kit/json.h"
#include "arena_kit/sha256.h"
#include "arena_kit/str.h"
#include "arena_kit/text.h"
#include "arena_kit/utf8.h"

#endif
