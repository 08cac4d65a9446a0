import ArenaCore
import ArenaJSON
import ArenaPluginWire
import Synchronization

/// The host's side of one running export: answers what the exporter asks, and writes what it sends.
///
/// Files are written on a thread of the export's own, in the order in which the child spoke; a piece gives its credit
/// back once it is written, so that no more than a window of them waits. The first thing that goes wrong ends the export
/// and is what the caller hears, whatever the plugin makes of it.
final class ExportSession: CallListener {
    private struct State {
        var files: [UInt64: ExportFolderFile] = [:]
        var names: Set<String> = []
        var finished: [ExportedFile] = []
        var next: UInt64 = 1
        var written: UInt64 = 0
        var failure: ExportError?
    }

    static let mostFiles = 200

    private let exporter: String
    private let source: any RecordSource
    private let folder: ExportFolder
    private let disk: SerialThread
    private let sizeLimit: ByteCount
    private let services: ServiceSession
    private let onProgress: @Sendable (ExportProgress) -> Void
    private let state = Mutex(State())
    private let reads: AsyncStream<@Sendable () async -> Void>.Continuation

    init(
        exporter: String, source: any RecordSource, folder: ExportFolder, disk: SerialThread, sizeLimit: ByteCount,
        granted: [ServiceRequest], onProgress: @escaping @Sendable (ExportProgress) -> Void
    ) {
        self.exporter = exporter
        self.source = source
        self.folder = folder
        self.disk = disk
        self.sizeLimit = sizeLimit
        self.onProgress = onProgress
        // An exporter gets what touches nothing: the clock, and chance, which needs no question.
        services = ServiceSession(providers: ServiceProviders(), granted: granted)
        let (stream, reads) = AsyncStream.makeStream(of: (@Sendable () async -> Void).self)
        self.reads = reads
        Task { for await read in stream { await read() } }
    }

    deinit { reads.finish() }

    /// What went wrong first, if anything did.
    var failure: ExportError? { state.withLock { $0.failure } }

    /// The files in the order in which they were created.
    var files: [ExportedFile] { state.withLock { $0.finished } }

    func progressed(_ progress: ProgressMessage) {
        onProgress(
            ExportProgress(
                done: Int(clamping: progress.done), total: progress.total == 0 ? nil : Int(clamping: progress.total),
                phase: progress.phase))
    }

    func ended() {
        reads.finish()
        services.ended()
    }

    func received(_ bytes: [UInt8], of call: UInt64, from child: PluginChild) -> Bool {
        disk.run { [self] in
            if write(bytes) { child.grantCredit(bytes.count, to: call) } else { child.kill() }
        }
        return false
    }

    func requested(_ message: ServiceMessage, of child: PluginChild) {
        switch message.request {
        case .exportCreate(let name, let mediaType):
            disk.run { [self] in
                answer(message, of: child) { () throws(ExportError) in try create(name, mediaType) }
            }
        case .exportFinish(let file, let rows):
            disk.run { [self] in
                answer(message, of: child) { () throws(ExportError) in try finish(file, rows) }
            }
        case .exportTables, .exportOpen, .exportNext: reads.yield { [self] in await read(message, for: child) }
        default: services.requested(message, of: child)
        }
    }

    // MARK: Rows

    private func read(_ message: ServiceMessage, for child: PluginChild) async {
        do {
            let data: [UInt8] =
                switch message.request {
                case .exportOpen(let table): encoded(try await source.open(table))
                case .exportNext(let cursor, let rows): try await source.next(cursor, limit: Int(rows))
                default: try await source.tables().bytes()
                }
            child.reply(ReplyMessage(id: message.id, status: .ok, data: data))
        } catch {
            let failure = ServiceError(error)
            child.reply(
                ReplyMessage(
                    id: message.id, status: failure.status, message: failure.message,
                    detail: failure.document.text()))
        }
    }

    // MARK: Files, on the disk's thread

    private func answer(
        _ message: ServiceMessage, of child: PluginChild, _ body: () throws(ExportError) -> [UInt8]
    ) {
        do throws(ExportError) {
            child.reply(ReplyMessage(id: message.id, status: .ok, data: try body()))
        } catch {
            let status: StatusCode =
                switch error.reason {
                case .duplicateFile: .alreadyExists
                case .badFileName: .invalidArgument
                default: StatusCode(error.category)
                }
            child.reply(
                ReplyMessage(
                    id: message.id, status: status, message: error.message,
                    detail: ServiceError(error).document.text()))
        }
    }

    private func create(_ name: String, _ mediaType: String) throws(ExportError) -> [UInt8] {
        guard Self.isPlainName(name) else { throw fail(.badFileName(exporter: exporter, name: name)) }
        let (isNew, count) = state.withLock { ($0.names.insert(name.lowercased()).inserted, $0.names.count) }
        guard isNew else { throw fail(.duplicateFile(exporter: exporter, name: name)) }
        guard count <= Self.mostFiles else {
            throw fail(.tooManyFiles(exporter: exporter, limit: Self.mostFiles))
        }
        do throws(ExportError) {
            let file = try folder.create(name, mediaType: String(mediaType.prefix(100)))
            let number = state.withLock { state in
                defer { state.next += 1 }
                state.files[state.next] = file
                return state.next
            }
            return encoded(number)
        } catch { throw fail(error.reason) }
    }

    private func finish(_ number: UInt64, _ rows: UInt64) throws(ExportError) -> [UInt8] {
        guard let file = state.withLock({ $0.files.removeValue(forKey: number) }) else {
            throw fail(.badFileName(exporter: exporter, name: "number \(number)"))
        }
        do throws(SystemFailure) {
            let finished = try file.finish(rows: rows)
            state.withLock { $0.finished.append(finished) }
            return []
        } catch { throw fail(error.whileExporting(file.name).reason) }
    }

    /// `false` when the export is over: its child may then be ended.
    private func write(_ data: [UInt8]) -> Bool {
        guard failure == nil, let piece = try? ExportPiece(decoding: data) else { return false }
        let (file, isTooLarge) = state.withLock { state in
            state.written += UInt64(piece.bytes.count)
            return (state.files[piece.file], state.written > sizeLimit.bytes)
        }
        guard !isTooLarge else {
            _ = fail(.tooLarge(exporter: exporter, limit: sizeLimit))
            return false
        }
        guard let file else {
            _ = fail(.badFileName(exporter: exporter, name: "number \(piece.file)"))
            return false
        }
        do throws(SystemFailure) {
            try file.append(piece.bytes)
            return true
        } catch {
            _ = fail(error.whileExporting(file.name).reason)
            return false
        }
    }

    private func fail(_ reason: ExportError.Reason) -> ExportError {
        let error = ExportError(reason)
        state.withLock { if $0.failure == nil { $0.failure = error } }
        return error
    }

    /// [EXP-3]
    static func isPlainName(_ name: String) -> Bool {
        (1...120).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private func encoded(_ number: UInt64) -> [UInt8] {
        var fields = FieldWriter()
        fields.u64(number)
        return fields.bytes
    }
}
