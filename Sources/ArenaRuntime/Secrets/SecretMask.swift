package import ArenaCore

/// Takes the texts of secrets out of what a server answers. Some servers repeat the key that they refuse, and an answer
/// reaches plugins, errors, logs and the store.
package struct SecretMask: Sendable {
    /// In UTF-8 bytes. A shorter text is no key, and stands in answers by chance.
    private static let shortest = 8
    private static let replacement = Array("***".utf8)

    private let texts: [[UInt8]]
    private let firstBytes: Set<UInt8>
    /// The end of the last piece, which may be the beginning of a secret.
    private var held: [UInt8] = []

    package init(_ secrets: [Secret]) {
        texts = secrets.map { Array($0.reveal().utf8) }.filter { $0.count >= Self.shortest }
            .sorted { $0.count > $1.count }
        firstBytes = Set(texts.compactMap(\.first))
    }

    /// The next piece of a body without the secrets, also those that two pieces share. What may be the beginning of one
    /// is kept back for the next piece, unless this is the last.
    package mutating func cover(_ piece: [UInt8], isLast: Bool) -> [UInt8] {
        guard !texts.isEmpty else { return piece }
        let bytes = held + piece
        held = []
        var covered: [UInt8] = []
        covered.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            let rest = bytes[position...]
            if firstBytes.contains(bytes[position]) {
                if !isLast, texts.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) {
                    held = Array(rest)
                    break
                }
                if let text = texts.first(where: { rest.starts(with: $0) }) {
                    covered += Self.replacement
                    position += text.count
                    continue
                }
            }
            covered.append(bytes[position])
            position += 1
        }
        return covered
    }

    /// A whole text without the secrets.
    package func cover(_ text: String) -> String {
        guard !texts.isEmpty else { return text }
        var mask = self
        mask.held = []
        return String(decoding: mask.cover(Array(text.utf8), isLast: true), as: UTF8.self)
    }
}
