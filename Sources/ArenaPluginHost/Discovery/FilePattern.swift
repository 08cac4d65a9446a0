/// Names files of a plugin's folder: `rubrics/*.yaml`. A `*` stands for any text without a slash.
struct FilePattern: Hashable, Sendable {
    let text: String
    private let parts: [String]

    /// `nil` for what is no path inside the folder.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 1024, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            return nil
        }
        self.text = text
        self.parts = parts
    }

    func matches(_ path: String) -> Bool {
        let others = path.split(separator: "/", omittingEmptySubsequences: false)
        return others.count == parts.count && zip(parts, others).allSatisfy { Self.matches($0, $1) }
    }

    /// Goes back to the last star only, so that no pattern takes longer than the product of both lengths.
    private static func matches(_ pattern: String, _ name: Substring) -> Bool {
        let pattern = Array(pattern.utf8)
        let name = Array(name.utf8)
        let star = UInt8(ascii: "*")
        // What a star at the beginning stands for is no hidden file.
        if pattern.first == star, name.first == UInt8(ascii: ".") { return false }
        var at = (pattern: 0, name: 0)
        var retry: (pattern: Int, name: Int)?
        while at.name < name.count {
            if at.pattern < pattern.count, pattern[at.pattern] == star {
                retry = (at.pattern + 1, at.name)
                at.pattern += 1
            } else if at.pattern < pattern.count, pattern[at.pattern] == name[at.name] {
                at = (at.pattern + 1, at.name + 1)
            } else if let last = retry {
                retry = (last.pattern, last.name + 1)
                at = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[at.pattern...].allSatisfy { $0 == star }
    }
}
