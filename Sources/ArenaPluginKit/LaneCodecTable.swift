import CArenaPlugin

/// The table of the codec number `slot`.
func laneCodecTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_lane_codec_v1()
    table.struct_size = UInt32(MemoryLayout<arena_lane_codec_v1>.size)
    table.create = KindSlots.create[slot]
    table.destroy = { Box<any LaneCodec>.release($0) }
    table.encode = { pointer, call, operation, request, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            let (codec, operation) = try codec(pointer, operation)
            return write(try codec.encode(operation, request.json("The request")).json, to: sink)
        }
    }
    table.decoder_create = { pointer, call, operation, request, out in
        PluginCall.run(call) { _ throws(PluginError) in
            let (codec, operation) = try codec(pointer, operation)
            guard let out else { throw PluginError.noKind }
            out.pointee = Box<any LaneDecoder>(try codec.decoder(operation, request.json("The request"))).retained()
            return ARENA_OK
        }
    }
    table.feed = { pointer, call, status, headers, data, isLast, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            guard let sink else { throw PluginError.noKind }
            let answer = LaneAnswer(
                status: Int(status), headers: headers.string, bytes: data.array, isLast: isLast != 0)
            try Box<any LaneDecoder>.at(pointer).value.feed(answer, Findings(sink: sink))
            return ARENA_OK
        }
    }
    table.decoder_destroy = { Box<any LaneDecoder>.release($0) }
    return UnsafeRawPointer(permanent(table))
}

private func codec(
    _ pointer: UnsafeMutableRawPointer?, _ operation: UInt32
) throws(PluginError) -> (any LaneCodec, LaneOperation) {
    guard let operation = LaneOperation(rawValue: operation) else {
        throw PluginError(
            .unimplemented, code: "lane.unsupported", "This lane type has no operation \(operation).")
    }
    return (try Box<any LaneCodec>.at(pointer).value, operation)
}
