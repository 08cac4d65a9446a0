import ArenaCore
package import ArenaJSON
import ArenaPluginHost

/// Something wrong with a rubric's file.
package struct RubricFileFault: Hashable, Sendable {
    /// From 1; `nil` when the file as a whole is meant.
    package let line: Int?
    package let column: Int?
    /// One sentence.
    package let message: String
    package let hint: String?

    init(line: Int?, column: Int?, message: String, hint: String?) {
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    /// As the reader of a document tells it.
    init(_ value: JSONValue) {
        self.init(
            line: value["line"]?.int, column: value["column"]?.int,
            message: value["message"]?.string ?? "Something is wrong.", hint: value["hint"]?.string)
    }

    package var json: JSONValue {
        [
            "line": line.map { JSONValue($0) } ?? .null, "column": column.map { JSONValue($0) } ?? .null,
            "message": .string(message), "hint": hint.map(JSONValue.string) ?? .null,
        ]
    }
}

extension RubricService {
    /// Everything that is wrong with a rubric's file before it is put anywhere: its text, its name and the scorers that
    /// it asks for.
    ///
    /// - Parameter fileName: the file's own name, without folders; `nil` for a text that has none yet.
    /// - Throws: when nobody reads such a file.
    package func check(_ bytes: [UInt8], name fileName: String?) async throws -> [RubricFileFault] {
        let name = fileName ?? "rubric.yaml"
        let id = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let reader = try await reader(of: name, rubric: id)
        guard bytes.count <= RubricSource.largestDocument else {
            return [
                fault(
                    "The file has \(ByteCount(UInt64(bytes.count))), more than 256 KiB.",
                    hint: "A rubric says which scorers to use; keep large lists in a scorer of your own.")
            ]
        }
        let source = RubricSource(runner: reader, document: bytes)
        if let found = try await executor.check(source), !found.isEmpty {
            let outline = RubricOutline(bytes)
            var faults = found.map(RubricFileFault.init)
            if fileName != nil, let own = outline.id {
                faults += nameFaults(id, own: own.text, line: own.line, column: own.column)
            }
            faults += await scorerFaults(of: outline.checks, in: id)
            return faults.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
        }
        do {
            let kind = ProvidedKind(rubricOf: name, id: id)
            let document = try await executor.describe(source)
            var faults: [RubricFileFault] = []
            if fileName != nil {
                faults = nameFaults(
                    id, own: document["id"]?.string, line: document["line"]?.int, column: document["column"]?.int)
            }
            let rubric = try PreparedRubric(
                ResolvedKind(plugin: reader.plugin, kind: kind), source, document)
            return faults + (await scorerFaults(of: rubric.checks, in: rubric.id))
        } catch {
            let failure = Failure(error)
            return [fault(failure.message, hint: failure.hint)]
        }
    }

    private func nameFaults(_ id: String, own: String?, line: Int?, column: Int?) -> [RubricFileFault] {
        guard Identifier.isName(id) else {
            return [
                fault(
                    "The file's name is no id of a rubric.",
                    hint: "Name it with 1 to 80 of a-z 0-9 _ - . beginning with a letter or digit.")
            ]
        }
        guard let own, own != id else { return [] }
        let error = RubricError(id, .otherID(own))
        return [RubricFileFault(line: line, column: column, message: error.message, hint: error.hint)]
    }

    private func scorerFaults(of checks: [RubricCheck], in rubric: String) async -> [RubricFileFault] {
        var faults: [RubricFileFault] = []
        for check in checks {
            guard let error = await scorerFault(of: check, in: rubric) else { continue }
            faults.append(
                RubricFileFault(line: check.line, column: check.column, message: error.message, hint: error.hint))
        }
        return faults
    }

    private func fault(_ message: String, hint: String?) -> RubricFileFault {
        RubricFileFault(line: nil, column: nil, message: message, hint: hint)
    }
}
