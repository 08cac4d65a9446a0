import CArenaPlugin

/// The interfaces that this host can call.
package enum PluginInterface: String, CaseIterable, Sendable {
    case scorer = "arena.scorer/1"
    case aggregate = "arena.scorer.aggregate/1"
    case rubric = "arena.rubric/1"
    case jobKind = "arena.job_kind/1"
    case laneCodec = "arena.lane_type.codec/1"
    case laneEngine = "arena.lane_type.engine/1"
    case exporter = "arena.exporter/1"

    var table: any PluginTable.Type {
        switch self {
        case .scorer: arena_scorer_v1.self
        case .aggregate: arena_scorer_aggregate_v1.self
        case .rubric: arena_rubric_v1.self
        case .jobKind: arena_job_kind_v1.self
        case .laneCodec: arena_lane_codec_v1.self
        case .laneEngine: arena_lane_engine_v1.self
        case .exporter: arena_exporter_v1.self
        }
    }
}
