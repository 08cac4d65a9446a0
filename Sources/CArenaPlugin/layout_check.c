/* The layout of every struct is part of the ABI: a change here is a change that plugins in the field would not survive.
   Structs may only grow at the end: then SIZE changes, and no AT line does. */
#include "arena/plugin.h"

#define SIZE(T, n) _Static_assert(sizeof(T) == (n), "size of " #T " is part of the ABI")
#define AT(T, m, n) _Static_assert(offsetof(T, m) == (n), #T "." #m " moved")

_Static_assert(sizeof(void *) == 8 && sizeof(long) == 8, "LP64 only");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian only");

SIZE(arena_str, 16);
AT(arena_str, ptr, 0);
AT(arena_str, len, 8);

SIZE(arena_bytes, 16);
AT(arena_bytes, ptr, 0);
AT(arena_bytes, len, 8);

SIZE(arena_sink, 24);
AT(arena_sink, struct_size, 0);
AT(arena_sink, reserved, 4);
AT(arena_sink, host_context, 8);
AT(arena_sink, write, 16);
_Static_assert(ARENA_SINK_MIN_SIZE <= sizeof(arena_sink), "the frozen minimum of arena_sink");

SIZE(arena_call, 56);
AT(arena_call, struct_size, 0);
AT(arena_call, reserved, 4);
AT(arena_call, host_context, 8);
AT(arena_call, deadline_ns, 16);
AT(arena_call, cancelled, 24);
AT(arena_call, fail, 32);
AT(arena_call, progress, 40);
AT(arena_call, log, 48);
_Static_assert(ARENA_CALL_MIN_SIZE <= sizeof(arena_call), "the frozen minimum of arena_call");

SIZE(arena_host, 64);
AT(arena_host, struct_size, 0);
AT(arena_host, abi_major, 4);
AT(arena_host, abi_minor, 8);
AT(arena_host, reserved, 12);
AT(arena_host, host_context, 16);
AT(arena_host, name, 24);
AT(arena_host, version, 40);
AT(arena_host, service, 56);
_Static_assert(ARENA_HOST_MIN_SIZE <= sizeof(arena_host), "the frozen minimum of arena_host");

SIZE(arena_entry, 72);
AT(arena_entry, struct_size, 0);
AT(arena_entry, abi_major, 4);
AT(arena_entry, abi_minor, 8);
AT(arena_entry, reserved, 12);
AT(arena_entry, id, 16);
AT(arena_entry, version, 32);
AT(arena_entry, init, 48);
AT(arena_entry, shutdown, 56);
AT(arena_entry, get_interface, 64);
_Static_assert(ARENA_ENTRY_MIN_SIZE <= sizeof(arena_entry), "the frozen minimum of arena_entry");

SIZE(arena_score_input, 88);
AT(arena_score_input, struct_size, 0);
AT(arena_score_input, reserved, 4);
AT(arena_score_input, item_id, 8);
AT(arena_score_input, input, 24);
AT(arena_score_input, output, 40);
AT(arena_score_input, references, 56);
AT(arena_score_input, reference_count, 64);
AT(arena_score_input, reference_stride, 68);
AT(arena_score_input, meta_json, 72);
_Static_assert(ARENA_SCORE_INPUT_MIN_SIZE <= sizeof(arena_score_input), "the frozen minimum of arena_score_input");

SIZE(arena_score_output, 24);
AT(arena_score_output, struct_size, 0);
AT(arena_score_output, status, 4);
AT(arena_score_output, value, 8);
AT(arena_score_output, flags, 16);
AT(arena_score_output, reason, 20);
_Static_assert(ARENA_SCORE_OUTPUT_MIN_SIZE <= sizeof(arena_score_output), "the frozen minimum of arena_score_output");

SIZE(arena_explain_sink, 24);
AT(arena_explain_sink, struct_size, 0);
AT(arena_explain_sink, reserved, 4);
AT(arena_explain_sink, host_context, 8);
AT(arena_explain_sink, explain, 16);
_Static_assert(ARENA_EXPLAIN_SINK_MIN_SIZE <= sizeof(arena_explain_sink), "the frozen minimum of arena_explain_sink");

SIZE(arena_scorer_v1, 40);
AT(arena_scorer_v1, struct_size, 0);
AT(arena_scorer_v1, reserved, 4);
AT(arena_scorer_v1, create, 8);
AT(arena_scorer_v1, destroy, 16);
AT(arena_scorer_v1, score, 24);
AT(arena_scorer_v1, score_batch, 32);
_Static_assert(ARENA_SCORER_V1_MIN_SIZE <= sizeof(arena_scorer_v1), "the frozen minimum of arena_scorer_v1");

SIZE(arena_scorer_aggregate_v1, 40);
AT(arena_scorer_aggregate_v1, struct_size, 0);
AT(arena_scorer_aggregate_v1, reserved, 4);
AT(arena_scorer_aggregate_v1, open, 8);
AT(arena_scorer_aggregate_v1, add, 16);
AT(arena_scorer_aggregate_v1, finish, 24);
AT(arena_scorer_aggregate_v1, close, 32);
_Static_assert(ARENA_SCORER_AGGREGATE_V1_MIN_SIZE <= sizeof(arena_scorer_aggregate_v1), "the frozen minimum of arena_scorer_aggregate_v1");

SIZE(arena_rubric_v1, 56);
AT(arena_rubric_v1, struct_size, 0);
AT(arena_rubric_v1, reserved, 4);
AT(arena_rubric_v1, load, 8);
AT(arena_rubric_v1, destroy, 16);
AT(arena_rubric_v1, describe, 24);
AT(arena_rubric_v1, plan, 32);
AT(arena_rubric_v1, combine, 40);
AT(arena_rubric_v1, check, 48);
_Static_assert(ARENA_RUBRIC_V1_MIN_SIZE <= sizeof(arena_rubric_v1), "the frozen minimum of arena_rubric_v1");

SIZE(arena_job_open, 64);
AT(arena_job_open, struct_size, 0);
AT(arena_job_open, attempt, 4);
AT(arena_job_open, job_id, 8);
AT(arena_job_open, payload_json, 24);
AT(arena_job_open, checkpoint, 40);
AT(arena_job_open, checkpoint_seq, 56);
_Static_assert(ARENA_JOB_OPEN_MIN_SIZE <= sizeof(arena_job_open), "the frozen minimum of arena_job_open");

SIZE(arena_job_kind_v1, 48);
AT(arena_job_kind_v1, struct_size, 0);
AT(arena_job_kind_v1, reserved, 4);
AT(arena_job_kind_v1, validate, 8);
AT(arena_job_kind_v1, estimate, 16);
AT(arena_job_kind_v1, open, 24);
AT(arena_job_kind_v1, run, 32);
AT(arena_job_kind_v1, close, 40);
_Static_assert(ARENA_JOB_KIND_V1_MIN_SIZE <= sizeof(arena_job_kind_v1), "the frozen minimum of arena_job_kind_v1");

SIZE(arena_chat_delta, 48);
AT(arena_chat_delta, struct_size, 0);
AT(arena_chat_delta, channel, 4);
AT(arena_chat_delta, choice, 8);
AT(arena_chat_delta, reserved, 12);
AT(arena_chat_delta, text, 16);
AT(arena_chat_delta, raw, 32);
_Static_assert(ARENA_CHAT_DELTA_MIN_SIZE <= sizeof(arena_chat_delta), "the frozen minimum of arena_chat_delta");

SIZE(arena_chat_end, 56);
AT(arena_chat_end, struct_size, 0);
AT(arena_chat_end, reserved, 4);
AT(arena_chat_end, finish_reason, 8);
AT(arena_chat_end, usage_json, 24);
AT(arena_chat_end, meta_json, 40);
_Static_assert(ARENA_CHAT_END_MIN_SIZE <= sizeof(arena_chat_end), "the frozen minimum of arena_chat_end");

SIZE(arena_chat_sink, 32);
AT(arena_chat_sink, struct_size, 0);
AT(arena_chat_sink, reserved, 4);
AT(arena_chat_sink, host_context, 8);
AT(arena_chat_sink, delta, 16);
AT(arena_chat_sink, end, 24);
_Static_assert(ARENA_CHAT_SINK_MIN_SIZE <= sizeof(arena_chat_sink), "the frozen minimum of arena_chat_sink");

SIZE(arena_lane_engine_v1, 80);
AT(arena_lane_engine_v1, struct_size, 0);
AT(arena_lane_engine_v1, reserved, 4);
AT(arena_lane_engine_v1, create, 8);
AT(arena_lane_engine_v1, destroy, 16);
AT(arena_lane_engine_v1, start, 24);
AT(arena_lane_engine_v1, stop, 32);
AT(arena_lane_engine_v1, health, 40);
AT(arena_lane_engine_v1, models, 48);
AT(arena_lane_engine_v1, chat, 56);
AT(arena_lane_engine_v1, embed, 64);
AT(arena_lane_engine_v1, rerank, 72);
_Static_assert(ARENA_LANE_ENGINE_V1_MIN_SIZE <= sizeof(arena_lane_engine_v1), "the frozen minimum of arena_lane_engine_v1");

SIZE(arena_codec_sink, 48);
AT(arena_codec_sink, struct_size, 0);
AT(arena_codec_sink, reserved, 4);
AT(arena_codec_sink, host_context, 8);
AT(arena_codec_sink, delta, 16);
AT(arena_codec_sink, end, 24);
AT(arena_codec_sink, value, 32);
AT(arena_codec_sink, request, 40);
_Static_assert(ARENA_CODEC_SINK_MIN_SIZE <= sizeof(arena_codec_sink), "the frozen minimum of arena_codec_sink");

SIZE(arena_lane_codec_v1, 56);
AT(arena_lane_codec_v1, struct_size, 0);
AT(arena_lane_codec_v1, reserved, 4);
AT(arena_lane_codec_v1, create, 8);
AT(arena_lane_codec_v1, destroy, 16);
AT(arena_lane_codec_v1, encode, 24);
AT(arena_lane_codec_v1, decoder_create, 32);
AT(arena_lane_codec_v1, feed, 40);
AT(arena_lane_codec_v1, decoder_destroy, 48);
_Static_assert(ARENA_LANE_CODEC_V1_MIN_SIZE <= sizeof(arena_lane_codec_v1), "the frozen minimum of arena_lane_codec_v1");

SIZE(arena_record_reader, 40);
AT(arena_record_reader, struct_size, 0);
AT(arena_record_reader, reserved, 4);
AT(arena_record_reader, host_context, 8);
AT(arena_record_reader, tables, 16);
AT(arena_record_reader, open, 24);
AT(arena_record_reader, next, 32);
_Static_assert(ARENA_RECORD_READER_MIN_SIZE <= sizeof(arena_record_reader), "the frozen minimum of arena_record_reader");

SIZE(arena_file_writer, 32);
AT(arena_file_writer, struct_size, 0);
AT(arena_file_writer, reserved, 4);
AT(arena_file_writer, host_context, 8);
AT(arena_file_writer, create, 16);
AT(arena_file_writer, finish, 24);
_Static_assert(ARENA_FILE_WRITER_MIN_SIZE <= sizeof(arena_file_writer), "the frozen minimum of arena_file_writer");

SIZE(arena_exporter_v1, 16);
AT(arena_exporter_v1, struct_size, 0);
AT(arena_exporter_v1, reserved, 4);
AT(arena_exporter_v1, export_records, 8);
_Static_assert(ARENA_EXPORTER_V1_MIN_SIZE <= sizeof(arena_exporter_v1), "the frozen minimum of arena_exporter_v1");

SIZE(arena_artifacts_service, 48);
AT(arena_artifacts_service, struct_size, 0);
AT(arena_artifacts_service, reserved, 4);
AT(arena_artifacts_service, host_context, 8);
AT(arena_artifacts_service, create, 16);
AT(arena_artifacts_service, write, 24);
AT(arena_artifacts_service, finish, 32);
AT(arena_artifacts_service, discard, 40);
_Static_assert(ARENA_ARTIFACTS_SERVICE_MIN_SIZE <= sizeof(arena_artifacts_service), "the frozen minimum of arena_artifacts_service");

SIZE(arena_clock_service, 32);
AT(arena_clock_service, struct_size, 0);
AT(arena_clock_service, reserved, 4);
AT(arena_clock_service, host_context, 8);
AT(arena_clock_service, unix_ms, 16);
AT(arena_clock_service, monotonic_ns, 24);
_Static_assert(ARENA_CLOCK_SERVICE_MIN_SIZE <= sizeof(arena_clock_service), "the frozen minimum of arena_clock_service");

SIZE(arena_http_service, 40);
AT(arena_http_service, struct_size, 0);
AT(arena_http_service, reserved, 4);
AT(arena_http_service, host_context, 8);
AT(arena_http_service, submit, 16);
AT(arena_http_service, next, 24);
AT(arena_http_service, abort, 32);
_Static_assert(ARENA_HTTP_SERVICE_MIN_SIZE <= sizeof(arena_http_service), "the frozen minimum of arena_http_service");

SIZE(arena_job_service, 32);
AT(arena_job_service, struct_size, 0);
AT(arena_job_service, reserved, 4);
AT(arena_job_service, host_context, 8);
AT(arena_job_service, put, 16);
AT(arena_job_service, commit, 24);
_Static_assert(ARENA_JOB_SERVICE_MIN_SIZE <= sizeof(arena_job_service), "the frozen minimum of arena_job_service");

SIZE(arena_kv_service, 48);
AT(arena_kv_service, struct_size, 0);
AT(arena_kv_service, reserved, 4);
AT(arena_kv_service, host_context, 8);
AT(arena_kv_service, get, 16);
AT(arena_kv_service, put, 24);
AT(arena_kv_service, remove, 32);
AT(arena_kv_service, keys, 40);
_Static_assert(ARENA_KV_SERVICE_MIN_SIZE <= sizeof(arena_kv_service), "the frozen minimum of arena_kv_service");

SIZE(arena_completion, 24);
AT(arena_completion, struct_size, 0);
AT(arena_completion, kind, 4);
AT(arena_completion, tag, 8);
AT(arena_completion, status, 16);
AT(arena_completion, reserved, 20);
_Static_assert(ARENA_COMPLETION_MIN_SIZE <= sizeof(arena_completion), "the frozen minimum of arena_completion");

SIZE(arena_lanes_service, 40);
AT(arena_lanes_service, struct_size, 0);
AT(arena_lanes_service, reserved, 4);
AT(arena_lanes_service, host_context, 8);
AT(arena_lanes_service, submit, 16);
AT(arena_lanes_service, next, 24);
AT(arena_lanes_service, abort, 32);
_Static_assert(ARENA_LANES_SERVICE_MIN_SIZE <= sizeof(arena_lanes_service), "the frozen minimum of arena_lanes_service");

SIZE(arena_random_service, 32);
AT(arena_random_service, struct_size, 0);
AT(arena_random_service, reserved, 4);
AT(arena_random_service, host_context, 8);
AT(arena_random_service, seed, 16);
AT(arena_random_service, fill, 24);
_Static_assert(ARENA_RANDOM_SERVICE_MIN_SIZE <= sizeof(arena_random_service), "the frozen minimum of arena_random_service");

SIZE(arena_scoring_service, 40);
AT(arena_scoring_service, struct_size, 0);
AT(arena_scoring_service, reserved, 4);
AT(arena_scoring_service, host_context, 8);
AT(arena_scoring_service, submit, 16);
AT(arena_scoring_service, next, 24);
AT(arena_scoring_service, abort, 32);
_Static_assert(ARENA_SCORING_SERVICE_MIN_SIZE <= sizeof(arena_scoring_service), "the frozen minimum of arena_scoring_service");

SIZE(arena_views_service, 24);
AT(arena_views_service, struct_size, 0);
AT(arena_views_service, reserved, 4);
AT(arena_views_service, host_context, 8);
AT(arena_views_service, page, 16);
_Static_assert(ARENA_VIEWS_SERVICE_MIN_SIZE <= sizeof(arena_views_service), "the frozen minimum of arena_views_service");
