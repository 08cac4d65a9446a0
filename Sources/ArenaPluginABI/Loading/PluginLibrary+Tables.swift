package import CArenaPlugin

/// The tables as they are, for checks that call them in other ways than the host does.
extension PluginLibrary {
    package func scorerTable(_ kind: String) throws(PluginABIError) -> arena_scorer_v1 {
        let table: ForeignTable<arena_scorer_v1> = try table(.scorer, kind: kind)
        return table.functions
    }

    package func jobKindTable(_ kind: String) throws(PluginABIError) -> arena_job_kind_v1 {
        let table: ForeignTable<arena_job_kind_v1> = try table(.jobKind, kind: kind)
        return table.functions
    }

    package func laneEngineTable(_ kind: String) throws(PluginABIError) -> arena_lane_engine_v1 {
        let table: ForeignTable<arena_lane_engine_v1> = try table(.laneEngine, kind: kind)
        return table.functions
    }

    package func aggregateTable(_ kind: String) throws(PluginABIError) -> arena_scorer_aggregate_v1 {
        let table: ForeignTable<arena_scorer_aggregate_v1> = try table(.aggregate, kind: kind)
        return table.functions
    }

    package func rubricTable(_ kind: String) throws(PluginABIError) -> arena_rubric_v1 {
        let table: ForeignTable<arena_rubric_v1> = try table(.rubric, kind: kind)
        return table.functions
    }

    package func laneCodecTable(_ kind: String) throws(PluginABIError) -> arena_lane_codec_v1 {
        let table: ForeignTable<arena_lane_codec_v1> = try table(.laneCodec, kind: kind)
        return table.functions
    }

    package func exporterTable(_ kind: String) throws(PluginABIError) -> arena_exporter_v1 {
        let table: ForeignTable<arena_exporter_v1> = try table(.exporter, kind: kind)
        return table.functions
    }

    /// Where the table of an interface lies; 0: there is none.
    package func address(of interfaceID: String, kind: String) -> UInt {
        UInt(bitPattern: lookUp(interfaceID, kind))
    }
}
