/// What cures a breach of each sentence of the header.
enum RuleBook {
    static func cure(_ rule: String) -> String? { cures[rule] }

    private static let cures: [String: String] = [
        "ABI-3": "Touch a member only if struct_size covers it (ARENA_HAS); never write beyond the members you know.",
        "ABI-5": "Find element i at base + i * stride; never index by the size of your own struct.",
        "BYTES-1": "Give a pointer with every length above 0.",
        "CALL-2": "Watch deadline_ns, or cancelled(), which says 1 when it has passed, and return.",
        "CALL-3": "Ask cancelled() at least every 100 ms, also inside of long loops, and return at once.",
        "ENGINE-1": "Call sink->end once, after the last delta, when chat returns ARENA_OK.",
        "ENGINE-2": "Write one JSON document as arena/lane_engine.h shows it.",
        "ENTRY-1": "Return the address of a static arena_entry.",
        "ENTRY-4": "Let init fail through arena_call.fail, with a reason and a hint.",
        "ENTRY-5": "Compare interface and kind whole, with their lengths, and return NULL for all else.",
        "ENTRY-6": "Build library and manifest from the same sources.",
        "ENTRY-7": "Return the address of a static table.",
        "ENTRY-8": "Export only arena_plugin_entry_v1, and do nothing in constructors and in it.",
        "ERR-2": "Return call->fail(call, status, message, detail) wherever a function fails.",
        "ERR-3": "Return one of the ARENA_* statuses.",
        "HOST-2": "Expect NULL from host->service, and fail with a reason where the service is needed.",
        "JOB-1": "Put all that the work needs into the checkpoint of each commit, and go on from it in open.",
        "MEM-2": "Copy what is needed after the call; read no byte beyond a length and write to no input.",
        "MEM-3": "Write fixed-size output into the caller's struct, member by member; all else goes into a sink.",
        "MEM-4": "Keep state in the object, not in static variables.",
        "NOTE-1": "Embed the manifest once, with ARENA_MANIFEST, or ship plugin.json beside the library.",
        "SCORER-1": "Give a finite value between 0 and 1.",
        "SCORER-2": "Let the result depend on the input alone, or do not declare `deterministic` and `reentrant`.",
        "SCORER-3": "Let score_batch do for each element what score does.",
        "SINK-2": "Look at what each write returns: at anything but ARENA_OK stop, and return it.",
        "STR-3": "Give valid UTF-8, and cut texts between characters.",
        "SVC-1": "Return what a service returned as soon as it is not ARENA_OK.",
        "SVC-2": "Expect any service to refuse, and pass its status on.",
        "THR-1": "Join every thread in shutdown.",
        "THR-2": "Leave signals, directory, locale, environment and umask alone: they are the host's.",
        "THR-3": "Use arena_call.log: a library prints nothing of its own accord.",
    ]
}
