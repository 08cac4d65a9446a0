package import ArenaCore
package import ArenaJSON
import ArenaJSONSchema
import ArenaPluginWire

/// What to export, with what, and where to.
package struct ExportRequest: Sendable {
    package var kind: ResolvedKind
    /// An object; checked against the exporter's schema.
    package var params: JSONValue
    /// The absolute path of the folder to make.
    package var target: String
    /// Whether an earlier export at the target is replaced.
    package var replaces: Bool
    /// All files together. Default: 4 GiB.
    package var sizeLimit = ByteCount.gibibytes(4)
    /// `nil`: as the manifest says, else 15 minutes.
    package var timeout: Duration?

    package init(kind: ResolvedKind, params: JSONValue, target: String, replaces: Bool) {
        self.kind = kind
        self.params = params
        self.target = target
        self.replaces = replaces
    }
}

/// How far an export is, as the exporter says.
package struct ExportProgress: Hashable, Sendable {
    package var done: Int
    /// `nil`: unknown.
    package var total: Int?
    package var phase: String
}

/// What an export left behind.
package struct ExportReport: Hashable, Sendable {
    package let exporter: String
    package let plugin: String
    package let version: String
    package let sha256: String
    package let path: String
    package let files: [ExportedFile]

    /// `{exporter, plugin, version, sha256, path, files: [{name, bytes, sha256, media_type, rows}]}`
    package var json: JSONValue { document(path: path) }

    /// The same without the path, which is nobody's business but the user's.
    var receipt: JSONValue { document(path: nil) }

    private func document(path: String?) -> JSONValue {
        var members: JSONObject = [
            "exporter": .string(exporter), "plugin": .string(plugin), "version": .string(version),
            "sha256": .string(sha256),
        ]
        if let path { members["path"] = .string(path) }
        members["files"] = .array(
            files.map { file in
                [
                    "name": .string(file.name), "bytes": .number(JSONNumber(file.size.bytes)),
                    "sha256": .string(file.sha256), "media_type": .string(file.mediaType),
                    "rows": .number(JSONNumber(file.rows)),
                ]
            })
        return .object(members)
    }
}

/// Runs exporters: one child a run, whose files appear together at its end or not at all.
package struct ExporterRunner: Sendable {
    private let loader: PluginLoader
    private static let standardTimeout: Duration = .seconds(900)

    package init(loader: PluginLoader) { self.loader = loader }

    /// Exports.
    ///
    /// - Parameter onProgress: Called on the child's I/O thread.
    /// - Throws: ``ExportError``, or ``PluginFault`` for what the plugin itself did. Nothing of the export is then left,
    ///   and an earlier one at the target is whole. Cancelling the task ends it in the same way.
    package func run(
        _ request: ExportRequest, source: any RecordSource,
        onProgress: @escaping @Sendable (ExportProgress) -> Void = { _ in },
        onPrint: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ExportReport {
        try check(request.params, of: request.kind)
        guard let disk = SerialThread("arena-export") else { throw PluginFault(.exhausted) }
        defer { disk.close() }
        let (target, replaces) = (request.target, request.replaces)
        let folder = try await disk.perform {
            Result { () throws(ExportError) in try ExportFolder(target: target, replaces: replaces) }
        }.get()
        let session = ExportSession(
            exporter: request.kind.fullName, source: source, folder: folder, disk: disk,
            sizeLimit: request.sizeLimit, granted: request.kind.plugin.manifest.services, onProgress: onProgress)
        do {
            try await perform(request, session, onPrint)
            // Pieces may wait still: what is decided here comes after them.
            let files = await disk.perform { session.files }
            if let failure = session.failure { throw failure }
            guard !files.isEmpty else { throw ExportError(.noFiles(exporter: request.kind.fullName)) }
            let report = Self.report(request, files)
            let isEmpty = files.allSatisfy { $0.rows == 0 }
            try await disk.perform {
                Result { () throws(ExportError) in
                    if isEmpty { try folder.requireNoRowsToReplace() }
                    try folder.commit(receipt: report.receipt)
                }
            }.get()
            return report
        } catch {
            await disk.perform { folder.discard() }
            throw session.failure ?? error
        }
    }

    private func perform(
        _ request: ExportRequest, _ session: ExportSession, _ onPrint: @escaping @Sendable (String) -> Void
    ) async throws(PluginFault) {
        let kind = request.kind
        let child = try await loader.launcher.take()
        child.onPrint(onPrint)
        do {
            try await loader.load(kind, into: child, seed: 0)
            let limit = request.timeout ?? kind.kind.capabilities.timeout.standard ?? Self.standardTimeout
            _ = try await child.call(
                .exporterRun(kind: kind.kind.id, params: request.params.text()),
                deadline: monotonicNanoseconds() + limit.nanoseconds, listener: session)
            child.dismiss()
        } catch {
            child.kill()
            throw error.naming(kind.plugin.id)
        }
    }

    private func check(_ params: JSONValue, of kind: ResolvedKind) throws {
        func refuse(_ issue: String) -> ExportError {
            ExportError(.badParameters(exporter: kind.fullName, issue: issue))
        }
        guard params.object != nil else { throw refuse("they must be an object.") }
        guard let document = kind.kind.schema else { return }
        if let issue = try JSONSchema(document).validate(params).first { throw refuse(issue.description) }
    }

    private static func report(_ request: ExportRequest, _ files: [ExportedFile]) -> ExportReport {
        let plugin = request.kind.plugin
        return ExportReport(
            exporter: request.kind.kind.id, plugin: plugin.id, version: plugin.manifest.version,
            sha256: plugin.sha256, path: request.target, files: files)
    }
}
