/* arena/plugin.h: the Arena plugin ABI, major 1, in one include.
 *
 * A plugin is a shared library with exactly one exported symbol, arena_plugin_entry_v1. Everything else is reached
 * through tables of function pointers. Each header below holds one concept. Read arena/types.h first: it states the
 * rules on memory, threads, growth and errors that hold for every function of every table.
 *
 * Each testable sentence carries an id in square brackets, such as [MEM-1]. Conformance tests cite those ids.
 *
 * Maturity until 1.0: two plugins in two languages have passed arena.job_kind/1, arena.scorer/1, arena.rubric/1 and
 * arena.exporter/1 (C, Swift). The other interfaces may still change their revision 1.
 */
#ifndef ARENA_PLUGIN_H
#define ARENA_PLUGIN_H

#include "arena/types.h"

#include "arena/call.h"
#include "arena/entry.h"
#include "arena/manifest.h"

#include "arena/exporter.h"
#include "arena/job_kind.h"
#include "arena/lane_codec.h"
#include "arena/lane_engine.h"
#include "arena/rubric.h"
#include "arena/scorer.h"
#include "arena/scorer_aggregate.h"

#include "arena/service_artifacts.h"
#include "arena/service_clock.h"
#include "arena/service_http.h"
#include "arena/service_job.h"
#include "arena/service_kv.h"
#include "arena/service_lanes.h"
#include "arena/service_random.h"
#include "arena/service_scoring.h"
#include "arena/service_views.h"

#endif
