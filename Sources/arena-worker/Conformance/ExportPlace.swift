import ArenaCore
import ArenaJSON
import CArenaPlugin
import Synchronization

/// A table as a check has it: its rows come again and again until there are as many as it says.
struct ExportTable: Sendable {
    let name: String
    /// `[{"name", "type"}]`
    let columns: JSONValue
    /// Each a JSON object without the line feed.
    let lines: [[UInt8]]
    let count: Int

    init(name: String, columns: JSONValue, lines: [[UInt8]], count: Int? = nil) {
        self.name = name
        self.columns = columns
        self.lines = lines
        self.count = lines.isEmpty ? 0 : count ?? lines.count
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let columns = json["columns"] else { return nil }
        self.init(name: name, columns: columns, lines: (json["rows"]?.array ?? []).map { $0.bytes() })
    }

    func with(count: Int) -> ExportTable {
        ExportTable(name: name, columns: columns, lines: count == 0 ? [] : lines, count: count)
    }

    func with(lines: [[UInt8]]) -> ExportTable { ExportTable(name: name, columns: columns, lines: lines) }
}

/// In what manner the host of an export behaves.
struct ExportManner: Sendable {
    /// Of a page, whatever is asked for [EXP-1].
    var mostRows = 10_000
    /// Which call of the reader's and the writer's functions fails, from 0.
    var refusesAt: Int?
    /// Files are counted, not kept.
    var keepsFiles = true
    /// The rows never come to an end before the call is cancelled and has long had time to end.
    var isEndless = false
}

/// The rows and files of one export in a check.
final class ExportPlace: @unchecked Sendable {
    // What is lent grows behind `state` alone; the rest is written once, in init.
    struct File: Sendable {
        let name: String
        let sink: BentSink
        let address: UInt
        var rows: UInt64?
    }

    private struct State {
        var cursors: [(table: Int, row: Int)] = []
        var files: [File] = []
        var calls = 0
        var read = 0
        var pages = 0
        var memory = 0
        var mostMemory = 0
    }

    let tables: [ExportTable]
    private let manner: ExportManner
    private let conditions: Conditions
    private let trial: Trial
    private let state = Mutex(State())

    init(_ tables: [ExportTable], _ manner: ExportManner, _ conditions: Conditions, in trial: Trial) {
        self.tables = tables
        self.manner = manner
        self.conditions = conditions
        self.trial = trial
    }

    var files: [File] { state.withLock { $0.files } }
    /// How many calls of the reader's and the writer's functions there were.
    var calls: Int { state.withLock { $0.calls } }
    /// Bytes of rows that were read.
    var read: Int { state.withLock { $0.read } }
    /// By how many bytes this process grew after the tenth page.
    var growth: Int { state.withLock { max(0, $0.mostMemory - $0.memory) } }

    // MARK: Tables of functions

    var reader: UnsafePointer<arena_record_reader> {
        var table = arena_record_reader()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.tables = { reader, _, sink in ExportPlace.of(reader?.pointee.host_context)?.list(sink) ?? ARENA_INTERNAL }
        table.open = { reader, _, name, cursor in
            ExportPlace.of(reader?.pointee.host_context)?.open(name, cursor) ?? ARENA_INTERNAL
        }
        table.next = { reader, _, cursor, rows, sink in
            ExportPlace.of(reader?.pointee.host_context)?.next(cursor, rows, sink) ?? ARENA_INTERNAL
        }
        return UnsafePointer(trial.loan.structure(table))
    }

    var writer: UnsafePointer<arena_file_writer> {
        var table = arena_file_writer()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.create = { writer, _, name, type, file in
            ExportPlace.of(writer?.pointee.host_context)?.create(name, type, file) ?? ARENA_INTERNAL
        }
        table.finish = { writer, _, file, rows in
            ExportPlace.of(writer?.pointee.host_context)?.finish(file, rows) ?? ARENA_INTERNAL
        }
        return UnsafePointer(trial.loan.structure(table))
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> ExportPlace? {
        context.map { Unmanaged<ExportPlace>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Rows

    /// What a function of the host's says before it does anything; `nil`: nothing.
    private func refusal() -> arena_status? {
        let number = state.withLock { state in
            defer { state.calls += 1 }
            return state.calls
        }
        guard number == manner.refusesAt else { return nil }
        return refuse(ARENA_UNAVAILABLE)
    }

    private func refuse(_ status: arena_status) -> arena_status {
        trial.call.note(refusal: status, by: "the reader or the writer", rule: "SVC-1")
        return status
    }

    private func list(_ sink: UnsafePointer<arena_sink>?) -> arena_status {
        if let refusal = refusal() { return refusal }
        let list = JSONValue.array(
            tables.map { ["name": .string($0.name), "rows": JSONValue($0.count), "columns": $0.columns] })
        return give(list.bytes(), to: sink)
    }

    private func open(_ name: arena_str, _ cursor: UnsafeMutablePointer<UInt64>?) -> arena_status {
        if let refusal = refusal() { return refusal }
        guard let cursor else { return refuse(ARENA_INVALID_ARGUMENT) }
        let wanted = Foreign.text(name)
        guard let index = tables.firstIndex(where: { $0.name == wanted }) else { return refuse(ARENA_NOT_FOUND) }
        cursor.pointee = state.withLock { state in
            state.cursors.append((index, 0))
            return UInt64(state.cursors.count)
        }
        return ARENA_OK
    }

    private func next(_ cursor: UInt64, _ most: UInt32, _ sink: UnsafePointer<arena_sink>?) -> arena_status {
        if let refusal = refusal() { return refusal }
        guard (1...10_000).contains(most) else {
            trial.call.note(Fault("EXP-1", "`next` was asked for \(most) rows, which is not 1 to 10,000"))
            return refuse(ARENA_INVALID_ARGUMENT)
        }
        if manner.isEndless, let end = trial.call.endsAt, monotonicNanoseconds() > end + 400_000_000 {
            return refuse(ARENA_CANCELLED)
        }
        let page = state.withLock { state -> [UInt8]? in
            guard (1...UInt64(state.cursors.count + 1)).contains(cursor), cursor <= UInt64(state.cursors.count) else {
                return nil
            }
            let (index, row) = state.cursors[Int(cursor) - 1]
            let table = tables[index]
            let left = manner.isEndless && !table.lines.isEmpty ? Int.max : table.count - row
            let count = min(left, Int(most), manner.mostRows)
            var page: [UInt8] = []
            for offset in 0..<count {
                page += table.lines[(row + offset) % table.lines.count]
                page.append(UInt8(ascii: "\n"))
            }
            state.cursors[Int(cursor) - 1].row = manner.isEndless ? 0 : row + count
            state.read += page.count
            state.pages += 1
            return page
        }
        guard let page else { return refuse(ARENA_NOT_FOUND) }
        measure()
        return give(page, to: sink)
    }

    private func measure() {
        guard !manner.keepsFiles else { return }
        let now = ProcessState.memory
        state.withLock { state in
            if state.pages <= 10 { state.memory = max(state.memory, now) }
            state.mostMemory = max(state.mostMemory, now)
        }
    }

    private func give(_ bytes: [UInt8], to sink: UnsafePointer<arena_sink>?) -> arena_status {
        guard let sink, let write = sink.pointee.write else { return refuse(ARENA_INVALID_ARGUMENT) }
        guard !bytes.isEmpty else { return ARENA_OK }
        return bytes.withUnsafeBytes { write(sink, $0.baseAddress, UInt64($0.count)) }
    }

    // MARK: Files

    private func create(
        _ name: arena_str, _ type: arena_str, _ place: UnsafeMutablePointer<UnsafePointer<arena_sink>?>?
    ) -> arena_status {
        if let refusal = refusal() { return refusal }
        guard let place, let name = Foreign.text(name), Foreign.text(type) != nil else {
            trial.call.note(Fault("STR-3", "`create` was given a name or type that is not valid UTF-8"))
            return refuse(ARENA_INVALID_ARGUMENT)
        }
        guard Self.isPlain(name) else {
            trial.call.note(Fault("EXP-3", "\(name.debugDescription) is no plain name of a file"))
            return refuse(ARENA_INVALID_ARGUMENT)
        }
        return state.withLock { state in
            guard state.files.count < 200, !state.files.contains(where: { $0.name.lowercased() == name.lowercased() })
            else {
                trial.call.note(Fault("EXP-3", "the file \(name) is created twice, or is one too many"))
                return refuse(ARENA_ALREADY_EXISTS)
            }
            let sink = BentSink(conditions, in: trial.call, keepsBytes: manner.keepsFiles)
            let table = sink.table(in: trial.loan)
            state.files.append(File(name: name, sink: sink, address: UInt(bitPattern: table)))
            place.pointee = table
            return ARENA_OK
        }
    }

    private func finish(_ sink: UnsafePointer<arena_sink>?, _ rows: UInt64) -> arena_status {
        if let refusal = refusal() { return refusal }
        return state.withLock { state in
            guard let index = state.files.firstIndex(where: { $0.address == UInt(bitPattern: sink) }) else {
                trial.call.note(Fault("EXP-4", "`finish` was given what is no file of this export"))
                return refuse(ARENA_INVALID_ARGUMENT)
            }
            state.files[index].sink.end()
            state.files[index].rows = rows
            guard state.files[index].sink.ends == 1 else {
                trial.call.note(Fault("EXP-4", "the file \(state.files[index].name) is ended twice"))
                return refuse(ARENA_INVALID_ARGUMENT)
            }
            return ARENA_OK
        }
    }

    /// [EXP-3]
    private static func isPlain(_ name: String) -> Bool {
        (1...120).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-.".utf8.contains(byte)
            }
    }
}
