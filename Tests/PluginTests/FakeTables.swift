import ArenaJSON
import CArenaPlugin

/// The C tables of a ``FakeHost``. They live as long as this object and reach the host through their context.
final class FakeTables {
    private let hostMemory = UnsafeMutablePointer<arena_host>.allocate(capacity: 1)
    private let job = UnsafeMutablePointer<arena_job_service>.allocate(capacity: 1)
    private let lanes = UnsafeMutablePointer<arena_lanes_service>.allocate(capacity: 1)
    private let scoring = UnsafeMutablePointer<arena_scoring_service>.allocate(capacity: 1)
    private let views = UnsafeMutablePointer<arena_views_service>.allocate(capacity: 1)
    private let clock = UnsafeMutablePointer<arena_clock_service>.allocate(capacity: 1)

    var host: UnsafePointer<arena_host> { UnsafePointer(hostMemory) }

    init() {
        hostMemory.initialize(to: arena_host())
        job.initialize(to: jobTable())
        lanes.initialize(to: lanesTable())
        scoring.initialize(to: scoringTable())
        views.initialize(to: viewsTable())
        clock.initialize(to: clockTable())
    }

    deinit {
        hostMemory.deallocate()
        job.deallocate()
        lanes.deallocate()
        scoring.deallocate()
        views.deallocate()
        clock.deallocate()
    }

    /// Points every table to its host, which must outlive the use of the tables.
    func bind(_ owner: FakeHost) {
        let context = Unmanaged.passUnretained(owner).toOpaque()
        job.pointee.host_context = context
        lanes.pointee.host_context = context
        scoring.pointee.host_context = context
        views.pointee.host_context = context
        clock.pointee.host_context = context
        hostMemory.pointee.struct_size = UInt32(MemoryLayout<arena_host>.size)
        hostMemory.pointee.abi_major = ARENA_ABI_MAJOR
        hostMemory.pointee.host_context = context
        hostMemory.pointee.service = { host, id in
            guard let owner = fake(host?.pointee.host_context) else { return nil }
            return owner.withheld.contains(id.text) ? nil : owner.table(id.text)
        }
    }

    func table(_ id: String) -> UnsafeRawPointer? {
        switch id {
        case ARENA_JOB_1: UnsafeRawPointer(job)
        case ARENA_LANES_1: UnsafeRawPointer(lanes)
        case ARENA_SCORING_1: UnsafeRawPointer(scoring)
        case ARENA_VIEWS_1: UnsafeRawPointer(views)
        case ARENA_CLOCK_1: UnsafeRawPointer(clock)
        default: nil
        }
    }
}

private func fake(_ context: UnsafeMutableRawPointer?) -> FakeHost? {
    context.map { Unmanaged<FakeHost>.fromOpaque($0).takeUnretainedValue() }
}

/// The host behind a service call, unless the attempt is dead.
private func living(_ context: UnsafeMutableRawPointer?) -> FakeHost? {
    fake(context).flatMap { $0.serves() ? $0 : nil }
}

private func write(_ json: JSONValue, _ sink: UnsafePointer<arena_sink>?) -> arena_status {
    json.bytes(.compact).withUnsafeBytes {
        sink?.pointee.write(sink, $0.baseAddress, UInt64($0.count)) ?? ARENA_INTERNAL
    }
}

private func jobTable() -> arena_job_service {
    var table = arena_job_service()
    table.struct_size = UInt32(MemoryLayout<arena_job_service>.size)
    table.put = { service, _, type, key, json in
        living(service?.pointee.host_context)?.store.put(type.text, key.text, json.text) ?? ARENA_CANCELLED
    }
    table.commit = { service, _, checkpoint, expected, sequence in
        guard let host = living(service?.pointee.host_context) else { return ARENA_CANCELLED }
        let bytes = Array(UnsafeBufferPointer(start: checkpoint.ptr, count: Int(checkpoint.len)))
        let status = host.store.commit(bytes, expected: expected)
        if status == ARENA_OK { sequence?.pointee = UInt64(host.store.commits.count) }
        return status
    }
    return table
}

private func lanesTable() -> arena_lanes_service {
    var table = arena_lanes_service()
    table.struct_size = UInt32(MemoryLayout<arena_lanes_service>.size)
    table.submit = { service, _, tag, request in
        living(service?.pointee.host_context)?.lane.submit(tag, request.text) ?? ARENA_CANCELLED
    }
    table.next = { service, _, _, event, sink in
        guard let host = living(service?.pointee.host_context) else { return ARENA_CANCELLED }
        return complete(host.lane.next(), event, sink)
    }
    table.abort = { service, _, tag in
        guard let host = living(service?.pointee.host_context) else { return ARENA_CANCELLED }
        host.lane.abort(tag)
        return ARENA_OK
    }
    return table
}

private func scoringTable() -> arena_scoring_service {
    var table = arena_scoring_service()
    table.struct_size = UInt32(MemoryLayout<arena_scoring_service>.size)
    table.submit = { service, _, tag, scorer, config, count, inputs, stride in
        guard let host = living(service?.pointee.host_context), let inputs else { return ARENA_CANCELLED }
        return host.scoring.submit(tag, scorer.text, config.text, count: Int(count), inputs, Int(stride))
    }
    table.next = { service, _, _, event, sink in
        guard let host = living(service?.pointee.host_context) else { return ARENA_CANCELLED }
        return complete(host.scoring.next(), event, sink)
    }
    table.abort = { _, _, _ in ARENA_OK }
    return table
}

private func complete(
    _ outcome: (tag: UInt64, status: arena_status, data: JSONValue)?,
    _ event: UnsafeMutablePointer<arena_completion>?, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    event?.pointee.kind = outcome == nil ? ARENA_COMPLETION_NONE : ARENA_COMPLETION_DONE
    guard let outcome else { return ARENA_OK }
    event?.pointee.tag = outcome.tag
    event?.pointee.status = outcome.status
    return write(outcome.data, sink)
}

private func viewsTable() -> arena_views_service {
    var table = arena_views_service()
    table.struct_size = UInt32(MemoryLayout<arena_views_service>.size)
    table.page = { service, _, name, parameters, cursor, limit, sink in
        guard let host = living(service?.pointee.host_context) else { return ARENA_CANCELLED }
        let values = try? JSONValue(parsing: parameters.text)
        guard let page = host.page(name.text, values, cursor: cursor.text, limit: Int(limit)) else {
            return ARENA_NOT_FOUND
        }
        return write(page, sink)
    }
    return table
}

private func clockTable() -> arena_clock_service {
    var table = arena_clock_service()
    table.struct_size = UInt32(MemoryLayout<arena_clock_service>.size)
    table.unix_ms = { service, _, time in
        guard let host = fake(service?.pointee.host_context) else { return ARENA_CANCELLED }
        time?.pointee = host.unixMilliseconds
        return ARENA_OK
    }
    table.monotonic_ns = { service, _, time in
        guard let host = fake(service?.pointee.host_context) else { return ARENA_CANCELLED }
        time?.pointee = host.tick()
        return ARENA_OK
    }
    return table
}
