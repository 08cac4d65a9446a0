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
    /// Everything that is wrong with a rubric's file before it is put anywhere: its text first, and once that is sound
    /// its name and the scorers that it asks for.
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
            return found.map(RubricFileFault.init)
        }
        do {
            let kind = ProvidedKind(rubricOf: name, id: id)
            let document = try await executor.describe(source)
            var faults: [RubricFileFault] = []
            if fileName == nil {
                // Any id will do.
            } else if !Identifier.isName(id) {
                faults.append(
                    fault(
                        "The file's name is no id of a rubric.",
                        hint: "Name it with 1 to 80 of a-z 0-9 _ - . beginning with a letter or digit."))
            } else if let own = document["id"]?.string, own != id {
                let error = RubricError(id, .otherID(own))
                faults.append(
                    RubricFileFault(
                        line: document["line"]?.int, column: document["column"]?.int, message: error.message,
                        hint: error.hint))
            }
            let rubric = try PreparedRubric(
                ResolvedKind(plugin: reader.plugin, kind: kind), source, document)
            for check in rubric.checks {
                guard let error = await scorerFault(of: check, in: rubric.id) else { continue }
                faults.append(
                    RubricFileFault(
                        line: check.line, column: check.column, message: error.message, hint: error.hint))
            }
            return faults
        } catch {
            let failure = Failure(error)
            return [fault(failure.message, hint: failure.hint)]
        }
    }

    private func fault(_ message: String, hint: String?) -> RubricFileFault {
        RubricFileFault(line: nil, column: nil, message: message, hint: hint)
    }
}
