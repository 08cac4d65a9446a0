/* A library that carries its manifest in a note, and nothing else. */
#include "arena/manifest.h"

ARENA_MANIFEST("{\"id\": \"noted\", \"version\": \"1.0.0\", \"abi\": \"1.0\", "
               "\"provides\": [{\"interface\": \"arena.scorer/1\", \"id\": \"nothing\"}]}");
