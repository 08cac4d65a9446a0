package import ArenaCore
import ArenaEvaluation
package import ArenaJSON
import ArenaLanes
package import ArenaPluginHost
package import ArenaStore

/// What to export, as a person says it.
package struct ExportOrder: Sendable {
    /// A short or full name of an exporter.
    package var exporter: String
    package var params: JSONValue
    package var filter: ExportFilter
    /// An absolute path; `nil`: `exports/<exporter>-<time>` of the home.
    package var target: String?
    package var replaces: Bool
    /// All files together; `nil`: the runner's limit.
    package var sizeLimit: ByteCount?

    package init(
        exporter: String, params: JSONValue = [:], filter: ExportFilter = ExportFilter(), target: String? = nil,
        replaces: Bool = false
    ) {
        self.exporter = exporter
        self.params = params
        self.filter = filter
        self.target = target
        self.replaces = replaces
    }
}

extension ArenaRuntime {
    /// Runs an exporter over one consistent state of the store.
    ///
    /// - Throws: ``UnknownKind``, ``ExportError``, ``PluginFault`` or the store's error. Nothing is then left of it.
    package func export(
        _ order: ExportOrder, onProgress: @escaping @Sendable (ExportProgress) -> Void = { _ in },
        onPrint: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ExportReport {
        let kind = try await registry.snapshot.resolve(.exporter, order.exporter)
        if let run = order.filter.evalRunID, try await store.evalRun(run) == nil {
            throw Failure(
                code: "export.unknown_run", category: .notFound,
                message: "There is no finished evaluation run \"\(run)\".",
                hint: "`arena job list` shows what ran; only runs whose job is done are exported.")
        }
        try await requireKnown(order.filter)
        let source = StoreRecordSource(
            snapshot: try await store.exportSnapshot(order.filter), granted: await exportableTables())
        let target = order.target ?? defaultTarget(kind.kind.id)
        var request = ExportRequest(kind: kind, params: order.params, target: target, replaces: order.replaces)
        if let limit = order.sizeLimit { request.sizeLimit = limit }
        return try await exporter.run(request, source: source, onProgress: onProgress, onPrint: onPrint)
    }

    /// Refuses a bench or a lane that there neither is nor was: a finished run keeps the names of its own.
    private func requireKnown(_ filter: ExportFilter) async throws {
        if let bench = filter.benchID {
            let library = benches
            let known = try await threads.call(within: .seconds(60)) { _ in library.ids() }
            if !known.contains(bench), try await store.evalRuns(benchID: bench, limit: 1).isEmpty {
                throw Self.unknown("bench", bench, known: known)
            }
        }
        if let lane = filter.laneID {
            let known = lanes.lanes.map(\.id)
            if !known.contains(lane), try await store.evalRuns(laneID: lane, limit: 1).isEmpty {
                throw Self.unknown("lane", lane, known: known)
            }
        }
    }

    private static func unknown(_ what: String, _ name: String, known: [String]) -> Failure {
        Failure(
            code: "export.unknown_\(what)", category: .notFound, message: "There is no \(what) \"\(name)\".",
            hint: "There are: \(known.joined(separator: ", ")).")
    }

    /// The host's own tables, and the record types that granted plugins let exporters read.
    private func exportableTables() async -> [ExportTable] {
        let plugins = await registry.snapshot.ready
        return ExportTable.host
            + plugins.flatMap { plugin in
                plugin.manifest.recordTypes.filter { $0.visibility == .export }
                    .map { ExportTable.records(plugin: plugin.id, type: $0.name) }
            }
    }

    private func defaultTarget(_ exporter: String) -> String {
        "\(options.home)/exports/\(exporter)-\(options.clock.now().fileName)"
    }

    /// Every exporter that is ready: `{id, plugin, version, title, description, params}`.
    package func exporters() async -> [JSONValue] {
        let plugins = await registry.snapshot.ready
        return plugins.flatMap { plugin in
            plugin.manifest.provides.filter { $0.interface == .exporter && $0.isSupported }.map { kind in
                [
                    "id": .string(kind.id), "plugin": .string(plugin.id),
                    "version": .string(plugin.manifest.version), "title": .string(kind.title),
                    "description": kind.description.map(JSONValue.string) ?? .null, "params": kind.schema ?? .null,
                ]
            }
        }
    }
}
