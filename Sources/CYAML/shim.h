#ifndef ARENA_CYAML_SHIM_H
#define ARENA_CYAML_SHIM_H

#include <yaml.h>

#endif
