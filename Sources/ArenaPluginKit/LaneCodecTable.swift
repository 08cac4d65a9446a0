import CArenaPlugin

/// The table of the codec number `slot`.
func laneCodecTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_lane_codec_v1()
    table.struct_size = UInt32(MemoryLayout<arena_lane_codec_v1>.size)
    table.create = creators[slot]
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
            guard let out else { throw missingCodec }
            out.pointee = Box<any LaneDecoder>(try codec.decoder(operation, request.json("The request"))).retained()
            return ARENA_OK
        }
    }
    table.feed = { pointer, call, status, headers, data, isLast, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            guard let pointer, let sink else { throw missingCodec }
            let answer = LaneAnswer(
                status: Int(status), headers: headers.string, bytes: data.array, isLast: isLast != 0)
            try Box<any LaneDecoder>.from(pointer).value.feed(answer, Findings(sink: sink))
            return ARENA_OK
        }
    }
    table.decoder_destroy = { Box<any LaneDecoder>.release($0) }
    return UnsafeRawPointer(permanent(table))
}

private let missingCodec = PluginError(.internalError, code: "plugin.no_codec", "There is no such codec or decoder.")

private func codec(
    _ pointer: UnsafeMutableRawPointer?, _ operation: UInt32
) throws(PluginError) -> (any LaneCodec, LaneOperation) {
    guard let pointer else { throw missingCodec }
    guard let operation = LaneOperation(rawValue: operation) else {
        throw PluginError(
            .unimplemented, code: "lane.unsupported", "This lane type has no operation \(operation).")
    }
    return (Box<any LaneCodec>.from(pointer).value, operation)
}

private typealias Creator =
    @convention(c) (UnsafePointer<arena_call>?, arena_str, UnsafeMutablePointer<UnsafeMutableRawPointer?>?)
    -> arena_status

private let creators: [Creator] = [
    { create(0, $0, $1, $2) }, { create(1, $0, $1, $2) }, { create(2, $0, $1, $2) }, { create(3, $0, $1, $2) },
    { create(4, $0, $1, $2) }, { create(5, $0, $1, $2) }, { create(6, $0, $1, $2) }, { create(7, $0, $1, $2) },
]

private func create(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ config: arena_str,
    _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        guard let codecs = PluginLibrary.current?.laneCodecs, slot < codecs.count, let out else { throw missingCodec }
        out.pointee = Box<any LaneCodec>(try codecs[slot].init(config: config.json("The config"))).retained()
        return ARENA_OK
    }
}
