/* recordings.h: what a model once answered, found by the hash of what it was asked. */
#ifndef ARENA_REPLAY_RECORDINGS_H
#define ARENA_REPLAY_RECORDINGS_H

#include "arena_kit/kit.h"

/* A model of the file: its header line. */
typedef struct replay_model {
    ak_json header;
    ak_text id;
    uint64_t recordings;
} replay_model;

/* One answer: its line of the file. */
typedef struct replay_recording {
    arena_str key; /* 64 hexadecimal digits */
    arena_str line;
    uint32_t model; /* index */
} replay_recording;

/* All of a file, read only once it is open. */
typedef struct replay_set {
    ak_text file; /* holds the text when it does not come with the plugin */
    replay_model *models;
    uint32_t model_count;
    replay_recording *recordings; /* sorted by key */
    uint64_t count;
} replay_set;

/* Opens the recordings that come with the plugin, or, if `path` is not empty, the file there, which is relative to the
   folder of this library. Fails the call with the line that is wrong. replay_close in either case. */
arena_status replay_open(const arena_call *call, arena_str path, replay_set *set);
void replay_close(replay_set *set);

/* The recording with this key, or NULL. */
const replay_recording *replay_find(const replay_set *set, const char key[65]);

/* The model with this id, or NULL; the first one for an empty id. */
const replay_model *replay_model_named(const replay_set *set, arena_str id);

/* key.c: the key of a request: SHA-256 of model and messages in canonical form, as README.md says. `messages` is a
   value of `request`. 0: out of memory. */
int replay_key(arena_str model, const ak_json *request, uint32_t messages, char key[65]);

#endif
