import ArenaCore
import ArenaJSON
import CArenaPlugin

/// Exports the tables of a check, once for each set of parameters.
struct ExporterExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_exporter_v1
    let material: Material
    let tables: [ExportTable]
    let isReentrant = false

    init(table: arena_exporter_v1, material: Material) {
        self.table = table
        self.material = material
        tables = (material.special["tables"]?.array ?? []).compactMap(ExportTable.init)
    }

    func open(_ conditions: Conditions, _ performance: inout Performance) -> ForeignObject? {
        ForeignObject(pointer: nil)
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        _ = export(tables, ExportManner(), conditions, &performance)
    }

    func close(_ object: ForeignObject) {}

    /// What came of one export.
    struct Outcome {
        var status: arena_status
        /// Whether something was wrong with it.
        var isFaulty: Bool
        /// A line a file, equal when the files are.
        var files: [String]
        var written: Int
        var place: ExportPlace
        var said: String?
    }

    func export(
        _ tables: [ExportTable], _ manner: ExportManner, _ conditions: Conditions, _ performance: inout Performance
    ) -> Outcome {
        let trial = Trial(conditions)
        let place = ExportPlace(tables, manner, conditions, in: trial)
        let before = performance.faults.count
        let params = trial.loan.text(material.config)
        let (reader, writer) = (place.reader, place.writer)
        var files: [String] = []
        let status = trial.run("export_records", &performance) {
            files = place.files.map { file in
                "\(file.name) \(file.rows.map(String.init) ?? "?") \(String(decoding: file.sink.bytes, as: UTF8.self))"
            }
            return files.joined(separator: "\n")
        } _: {
            withExtendedLifetime(place) { table.export_records?(trial.table, params, reader, writer) ?? ARENA_INTERNAL }
        }
        let written = place.files.reduce(0) { $0 + $1.sink.count }
        performance.written["export_records"] = max(
            performance.written["export_records"] ?? 0, place.files.map(\.sink.count).max() ?? 0)
        if status == ARENA_OK {
            for file in place.files where file.sink.ends == 0 {
                performance.faults.append(Fault("EXP-4", "the export succeeds without ending its file \(file.name)"))
            }
        }
        return Outcome(
            status: status, isFaulty: performance.faults.count > before, files: files, written: written, place: place,
            said: trial.call.failure)
    }
}

/// What an exporter alone promises.
extension ExporterExercise {
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings? {
        switch test {
        case "sizes": sizes(announce)
        case "many": many(announce)
        case "refusals": refusals(announce)
        case "rows": oddRows(announce)
        case "same": same(announce)
        case "abort": abort(announce)
        default: nil
        }
    }

    /// [EXP-4] [EXP-5]: no rows, one, a few.
    private func sizes(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        var note: String?
        for count in [0, 1, 2, 300] {
            announce("tables of \(count) rows")
            let outcome = export(tables.map { $0.with(count: count) }, ExportManner(), Conditions(), &performance)
            if outcome.status == ARENA_FAILED_PRECONDITION, count == 0 {
                note = "an empty export is refused: \(outcome.said ?? "")"
            } else if outcome.status != ARENA_OK, !outcome.isFaulty {
                performance.faults.append(
                    Fault("EXP-5", "tables of \(count) rows cannot be exported: \(outcome.said ?? "no reason given")"))
            }
        }
        return Findings(faults: performance.faults, note: note)
    }

    /// [EXP-5]: as many rows as are exported in a second and a half, up to 10^6.
    private func many(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        announce("200 rows")
        let manner = ExportManner(keepsFiles: false)
        let start = monotonicNanoseconds()
        guard export(tables.map { $0.with(count: 200) }, manner, Conditions(), &performance).status == ARENA_OK else {
            return .skipped("200 rows cannot be exported")
        }
        let pace = max(1, (monotonicNanoseconds() - start) / 200)
        let count = max(200, min(1_000_000, Int(1_500_000_000 / pace)))
        announce("\(count) rows")
        let outcome = export(tables.map { $0.with(count: count) }, manner, Conditions(), &performance)
        if outcome.status != ARENA_OK, !outcome.isFaulty {
            performance.faults.append(
                Fault("EXP-5", "tables of \(count) rows cannot be exported: \(outcome.said ?? "no reason given")"))
        }
        let (growth, read) = (outcome.place.growth, outcome.place.read)
        if growth > 32 << 20, growth > read / 4 {
            performance.faults.append(
                Fault("EXP-5", "it grew by \(growth >> 20) MiB over \(count) rows of \(read >> 20) MiB"))
        }
        return Findings(
            faults: performance.faults, note: "\(count) rows of each table, \(outcome.written >> 10) KiB of files")
    }

    /// [SVC-1]: each function of reader and writer fails once.
    private func refusals(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let few = tables.map { $0.with(count: 3) }
        let calls = export(few, ExportManner(mostRows: 2), Conditions(), &performance).place.calls
        for number in 0..<min(calls, 40) where performance.faults.isEmpty {
            announce("call \(number) of reader or writer is refused")
            _ = export(few, ExportManner(mostRows: 2, refusesAt: number), Conditions(), &performance)
        }
        return Findings(faults: performance.faults)
    }

    /// [EXP-7], and rows that no host gives: they are exported or refused with a reason.
    private func oddRows(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        for (name, line) in [("missing members", "{}"), ("members that are null", nil)] {
            announce("rows with \(name)")
            let odd = tables.map { table in
                let names = (table.columns.array ?? []).compactMap { $0["name"]?.string }
                let nulls = JSONValue.object(JSONObject(names.map { ($0, JSONValue.null) })).bytes()
                return table.with(lines: Array(table.lines.prefix(1)) + [line.map { Array($0.utf8) } ?? nulls])
            }
            let outcome = export(odd, ExportManner(), Conditions(), &performance)
            if outcome.status != ARENA_OK, !outcome.isFaulty {
                performance.faults.append(
                    Fault("EXP-7", "rows with \(name) cannot be exported: \(outcome.said ?? "no reason given")"))
            }
        }
        for (name, make) in Self.odd {
            announce("rows with \(name)")
            let odd = tables.map { table in
                table.with(lines: Array(table.lines.prefix(1)) + make(table))
            }
            _ = export(odd, ExportManner(), Conditions(), &performance)
        }
        return Findings(faults: performance.faults)
    }

    private typealias Making = @Sendable (ExportTable) -> [[UInt8]]

    private static let odd: [(String, Making)] = [
        ("members that no column names", { _ in [Array(#"{"no such column":[1,{"a":null}]}"#.utf8)] }),
        ("values of other types", { filled($0, "[{\"a\":[]}]") + filled($0, "true") + filled($0, "-1e300") }),
        ("numbers that are none", { filled($0, "NaN") }),
        ("NULs and escapes", { filled($0, #""\u0000a\u0001\u001b\"\n""#) }),
        ("half a surrogate pair", { filled($0, #""\ud800x""#) }),
        ("bytes that are not UTF-8", { filled($0, "\"~\"").map { $0.map { $0 == UInt8(ascii: "~") ? 0xFF : $0 } } }),
        ("a text of 1 MB", { filled($0, "\"" + String(repeating: "wörd, ", count: 150_000) + "\"", only: true) }),
        ("lines that are no objects", { _ in ["null", "[]", "{", "x", ""].map { Array($0.utf8) } }),
    ]

    /// A row with this text in all of its columns, or in the first.
    private static func filled(_ table: ExportTable, _ value: String, only isOne: Bool = false) -> [[UInt8]] {
        let names = (table.columns.array ?? []).compactMap { $0["name"]?.string }
        let members = (isOne ? Array(names.prefix(1)) : names).map { "\(JSONValue.string($0).text()):\(value)" }
        return [Array("{\(members.joined(separator: ","))}".utf8)]
    }

    /// [EXP-1] [EXP-6]
    private func same(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let some = tables.map { $0.with(count: 60) }
        let first = export(some, ExportManner(), Conditions(), &performance)
        for (name, rule, rows) in [
            ("again", "EXP-6", 10_000), ("in pages of a row", "EXP-1", 1), ("in pages of 7 rows", "EXP-1", 7),
        ] {
            announce("the same rows \(name)")
            let outcome = export(some, ExportManner(mostRows: rows), Conditions(), &performance)
            guard outcome.files != first.files || outcome.status != first.status else { continue }
            let other = zip(outcome.files, first.files).first { $0 != $1 }
            performance.faults.append(
                Fault(
                    rule,
                    "the same rows \(name) give other files: "
                        + (other.map { "\(Self.around($0, $1)) instead of \(Self.around($1, $0))" }
                            ?? "\(outcome.files.count) instead of \(first.files.count)")))
        }
        return Findings(faults: performance.faults)
    }

    /// What stands where two texts begin to differ.
    private static func around(_ text: String, _ other: String) -> String {
        let common = zip(text.utf8, other.utf8).prefix { $0 == $1 }.count
        let bytes = Array(text.utf8).dropFirst(max(0, common - 20)).prefix(60)
        return String(decoding: bytes, as: UTF8.self).debugDescription
    }

    /// [CALL-3]: given up in the middle of rows that do not end.
    private func abort(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let manner = ExportManner(mostRows: 50, keepsFiles: false, isEndless: true)
        for (name, conditions, rule) in [
            ("cancelled", Conditions(cancelsAfter: 60_000_000), "CALL-3"),
            ("past its deadline", Conditions(deadlineAfter: 60_000_000), "CALL-2"),
        ] {
            announce("an export that is \(name) after 60 ms")
            let outcome = export(tables, manner, conditions, &performance)
            if outcome.status == ARENA_OK, !outcome.isFaulty {
                performance.faults.append(Fault(rule, "an export that is \(name) in the middle succeeds"))
            }
        }
        return Findings(faults: performance.faults)
    }
}
