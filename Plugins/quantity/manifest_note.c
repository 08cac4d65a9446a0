/* manifest_note.c: plugin.json inside the library, where the host reads it without running any code. */
#include "arena/manifest.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

__attribute__((unused)) static const unsigned char size_probe[] = {
#embed "plugin.json"
};
ARENA_NOTE_ATTRIBUTES static const ARENA_NOTE_STRUCT(sizeof size_probe) note = {
    6, sizeof size_probe, ARENA_NOTE_TYPE, "Arena", {
#embed "plugin.json"
    }};
