import ArenaCore
package import ArenaJSON
import ArenaYAML

/// The text of a manifest as a value, with what is needed to say where in it something is wrong.
package struct ManifestDocument: Sendable {
    package enum Form: Hashable, Sendable {
        case yaml
        case json
        /// JSON in the note of a lone library of that file name.
        case note(library: String)
    }

    /// The file, for messages.
    package let path: String
    package let form: Form
    package let value: JSONValue
    /// Whether there is no such file: the folder needs no manifest.
    let isMadeUp: Bool
    /// Something about the file itself that people should know.
    let notice: String?
    /// Knows lines and columns; `nil` for JSON, where a pointer is the place.
    private let yaml: YAMLDocument?

    private static let deepest = 32

    /// - Throws: `plugin.manifest_invalid` with line and column.
    package init(
        _ bytes: [UInt8], path: String, form: Form, notice: String? = nil, isMadeUp: Bool = false
    ) throws(PluginError) {
        self.path = path
        self.form = form
        self.notice = notice
        self.isMadeUp = isMadeUp
        let largest = Int(ElfManifest.largestManifest)
        switch form {
        case .yaml:
            let limits = YAMLLimits(maxDepth: Self.deepest, maxBytes: largest, maxAliasBytes: largest)
            do throws(YAMLError) { yaml = try YAMLDocument(parsing: bytes, limits: limits) } catch {
                throw Self.invalid(path, error.line, error.column, error.reason)
            }
            value = yaml?.value ?? .null
        case .json, .note:
            yaml = nil
            let limits = JSONLimits(maxDepth: Self.deepest, maxBytes: largest)
            do throws(JSONError) { value = try JSONValue(parsing: bytes, limits: limits) } catch {
                throw Self.invalid(path, error.line, error.column, error.reason)
            }
        }
    }

    private static func invalid(_ path: String, _ line: Int, _ column: Int, _ reason: String) -> PluginError {
        PluginError(
            .manifestInvalid, "\(path), line \(line), column \(column): \(reason).",
            hint: "Mend it there: the file must be one document of YAML or JSON.")
    }

    /// The id that the document claims, if it is a possible one; for listing a plugin whose manifest has a fault.
    package var claimedID: String? {
        value["id"]?.string.flatMap { Identifier.isName($0) ? $0 : nil }
    }

    /// The place of a member's name, for people.
    func place(ofKey pointer: String) -> String {
        if let (line, column) = yaml?.positionOfKey(pointer) { return "\(path), line \(line), column \(column)" }
        return place(of: pointer)
    }

    /// The place of a value, for people: line and column where they are known, else its JSON pointer.
    func place(of pointer: String) -> String {
        if let (line, column) = yaml?.position(of: pointer) { return "\(path), line \(line), column \(column)" }
        return pointer.isEmpty ? path : "\(path), at \(pointer)"
    }
}
