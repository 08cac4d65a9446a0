/* arena/manifest.h: carries the manifest inside the library, so that it is listed without running any of its code.
 *
 * A plugin that ships as a folder has plugin.yaml or plugin.json there and needs none of this. A lone library carries
 * the same document, as JSON, in an ELF note: section .note.arena.manifest, owner "Arena", type 1, at most 256 KiB.
 * [NOTE-1] Exactly one such note. [NOTE-2] UTF-8 JSON without a terminating NUL.
 *
 * With a compiler that has #embed (clang 19, gcc 15), in one C file at file scope:
 *     static const unsigned char size_probe[] = {
 *     #embed "plugin.json"
 *     };
 *     ARENA_NOTE_ATTRIBUTES static const ARENA_NOTE_STRUCT(sizeof size_probe) note = {
 *         6, sizeof size_probe, ARENA_NOTE_TYPE, "Arena", {
 *     #embed "plugin.json"
 *     } };
 * With any other: ARENA_MANIFEST("{\"id\": …}");
 */
#ifndef ARENA_MANIFEST_H
#define ARENA_MANIFEST_H

#include <stdint.h>

#define ARENA_NOTE_TYPE 1u
/* A section named .note.* is SHT_NOTE: it is mapped by a PT_NOTE, and neither --gc-sections nor strip removes it. */
#define ARENA_NOTE_ATTRIBUTES __attribute__((used, section(".note.arena.manifest"), aligned(4)))
#define ARENA_NOTE_STRUCT(size_)                                                                                       \
    struct {                                                                                                           \
        uint32_t namesz, descsz, type;                                                                                 \
        char name[8];                                                                                                  \
        char desc[((size_) + 3u) & ~3u];                                                                               \
    }

/* Once per library, at file scope: one string literal, or several side by side. */
#define ARENA_MANIFEST(text_)                                                                                          \
    ARENA_NOTE_ATTRIBUTES static const ARENA_NOTE_STRUCT(sizeof(text_)) arena_manifest_note = {                        \
        6, sizeof(text_) - 1, ARENA_NOTE_TYPE, "Arena", text_}

#endif
