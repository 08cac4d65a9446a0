/// The last lines that a child printed: bounded, split at newlines, invalid UTF-8 replaced.
package struct OutputTail: Sendable {
    private var partial: [UInt8] = []
    package private(set) var lines: [String] = []
    private let mostLines: Int
    private let longestLine: Int

    package init(mostLines: Int = 20, longestLine: Int = 1024) {
        self.mostLines = mostLines
        self.longestLine = longestLine
    }

    /// Takes in what was read and returns the lines that it completed.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [String] {
        var complete: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                complete.append(takePartial())
            } else if partial.count < longestLine {
                partial.append(byte)
            }
        }
        lines = Array((lines + complete).suffix(mostLines))
        return complete
    }

    /// Completes a last line without a newline, at the end of the output.
    package mutating func finish() -> [String] {
        guard !partial.isEmpty else { return [] }
        let line = takePartial()
        lines = Array((lines + [line]).suffix(mostLines))
        return [line]
    }

    /// The last lines as one text of at most 400 characters.
    package var summary: String {
        let text = lines.suffix(4).joined(separator: " | ")
        return text.count > 400 ? String(text.suffix(400)) : text
    }

    private mutating func takePartial() -> String {
        defer { partial = [] }
        return String(decoding: partial, as: UTF8.self)
    }
}
