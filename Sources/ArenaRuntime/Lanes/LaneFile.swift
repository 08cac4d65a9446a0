import ArenaCore
package import ArenaJSON
import ArenaLanes
import ArenaYAML
import Glibc

/// Adds a lane to `arena.yaml` and leaves all else in it as it was written: comments, order, spaces.
package struct LaneFile: Sendable {
    private let path: String

    /// - Parameter path: of `arena.yaml`, which need not be there.
    package init(path: String) { self.path = path }

    /// Writes the file anew, as a whole, with the lane at the end of its list. Blocks for a moment.
    ///
    /// - Throws: ``ConfigurationError``: the file is no longer what it was, or has a form that is not changed by hand of
    ///   a program; the error holds the lines to add.
    package func add(_ lane: LaneConfiguration) throws(ConfigurationError) {
        let old = try ConfigurationFile(path: path)
        let bytes = try SmallFile(opening: path)?.read(limit: .mebibytes(1)) ?? []
        let text = String(decoding: bytes, as: UTF8.self)
        guard let new = Self.adding(lane, to: text), Self.isAdded(lane, old: old.value, new: new) else {
            let isFlow = text.split(separator: "\n").contains { line in
                line.hasPrefix("lanes:") && line.dropFirst("lanes:".count).drop { $0 == " " }.hasPrefix("[")
            }
            let cure =
                isFlow
                ? "Add this yourself, behind a comma before the ] of the list:\n\(Self.flow(lane.document))"
                : "Add this to it yourself:\n\(Self.lines(of: lane).joined(separator: "\n"))"
            throw .cannotAddLane(path, cure: cure)
        }
        try write(Array(new.utf8))
    }

    /// The text with the lane in it; `nil` where the list is written in a way that is better left alone.
    static func adding(_ lane: LaneConfiguration, to text: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        guard let key = lines.firstIndex(where: { $0.hasPrefix("lanes:") }) else {
            let gap = lines.isEmpty ? [] : [""]
            return (lines + gap + ["lanes:"] + indented(Self.lines(of: lane), by: 2)).joined(separator: "\n") + "\n"
        }
        let rest = lines[key].dropFirst("lanes:".count).prefix { $0 != "#" }.filter { $0 != " " }
        guard rest.isEmpty || rest == "[]" || rest == "~" || rest == "null" else { return nil }
        if !rest.isEmpty {
            let comment = lines[key].firstIndex(of: "#").map { "  " + lines[key][$0...] } ?? ""
            lines[key] = "lanes:" + comment
        }
        // The list ends where the next setting begins; blank lines and comments before that belong to the setting.
        var end = key + 1
        var last = key
        var indent: Int?
        while end < lines.count {
            let line = lines[end]
            let content = line.drop { $0 == " " }
            let isItem = content == "-" || content.hasPrefix("- ")
            let isBlank = content.isEmpty || content.hasPrefix("#")
            if !isBlank {
                if !line.hasPrefix(" "), !isItem { break }
                if isItem, indent == nil { indent = line.count - content.count }
                last = end
            }
            end += 1
        }
        lines.insert(contentsOf: indented(Self.lines(of: lane), by: indent ?? 2), at: last + 1)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whether the text now means what it meant, and the lane besides.
    private static func isAdded(_ lane: LaneConfiguration, old: JSONValue, new text: String) -> Bool {
        guard let new = try? YAMLDocument(parsing: text).value, var expected = old.object else { return false }
        guard var lanes = new["lanes"]?.array, let added = lanes.popLast() else { return false }
        var before = expected["lanes"]?.array ?? []
        guard lanes == before, added == lane.document else { return false }
        before.append(added)
        expected["lanes"] = .array(before)
        return JSONValue.object(expected).text(.sorted) == new.text(.sorted)
    }

    private static func lines(of lane: LaneConfiguration) -> [String] {
        var lines: [String] = []
        for (name, value) in lane.document.object ?? [:] {
            guard let members = value.object else {
                lines.append("\(name): \(value.text())")
                continue
            }
            lines.append("\(name):")
            lines += members.map { "  \(JSONValue.string($0.key).text()): \($0.value.text())" }
        }
        return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }

    /// A value in the style with braces.
    private static func flow(_ value: JSONValue) -> String {
        guard let members = value.object else { return value.text() }
        let inner = members.map { key, value in
            "\(Identifier.isName(key) ? key : JSONValue.string(key).text()): \(flow(value))"
        }
        return "{\(inner.joined(separator: ", "))}"
    }

    private static func indented(_ lines: [String], by count: Int) -> [String] {
        lines.map { String(repeating: " ", count: count) + $0 }
    }

    /// Beside the file, then over it, with the permissions that it had.
    private func write(_ bytes: [UInt8]) throws(ConfigurationError) {
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o600
        let draft = "\(path).\(Identifier.random().prefix(12))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .cannotMake(draft, errno: errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let isWhole = written == bytes.count && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        close(descriptor)
        // A link stays one: what it leads to is replaced.
        let target = realpath(path, nil)
        defer { free(target) }
        guard isWhole, rename(draft, target.map { String(cString: $0) } ?? path) == 0 else {
            let number = errno
            unlink(draft)
            throw .cannotMake(path, errno: number)
        }
    }
}

extension LaneConfiguration {
    /// As it stands in `arena.yaml`.
    package var document: JSONValue {
        var members: JSONObject = ["id": .string(id), "type": .string(type)]
        if title != id { members["title"] = .string(title) }
        if let baseURL { members["base_url"] = .string(baseURL) }
        if let model { members["model"] = .string(model) }
        if !headers.isEmpty { members["headers"] = .object(JSONObject(headers.map { ($0.name, .string($0.value)) })) }
        if let timeoutMilliseconds { members["timeout_ms"] = JSONValue(timeoutMilliseconds) }
        if let certificateFile { members["ca_file"] = .string(certificateFile) }
        if config.object?.isEmpty == false { members["config"] = config }
        return .object(members)
    }
}

extension ConfigurationError {
    static func cannotAddLane(_ path: String, cure: String) -> Self {
        Self(
            "cannot_add_lane", .failedPrecondition,
            "The list 'lanes' in \(path) is written in a form that is not changed by a program.",
            hint: cure)
    }

    package static func laneExists(_ id: String) -> Self {
        Self(
            "lane_exists", .conflict, "There is a lane \(id) already.",
            hint: "Choose another id, or change the lane in arena.yaml.")
    }
}
