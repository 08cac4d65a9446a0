/// Looks at a text that is about to become public. It refuses more than it must: a refusal costs a public name, a leak
/// cannot be taken back.
enum LeakCheck {
    private static let longest = 100

    /// How keys and tokens of well-known services begin.
    private static let secretPrefixes = [
        "sk-", "sk_", "pk_live", "rk_live", "hf_", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-",
        "xoxp-", "xapp-", "akia", "aiza", "eyj", "ya29.", "bearer ", "npm_", "pypi-", "dop_v1",
    ]
    private static let secretWords = [
        "-----begin", "api_key", "apikey", "api-key", "password", "passwd", "secret", "token=",
    ]
    private static let privatePlaces = [
        "/home/", "/root/", "/users/", "/tmp/", "/var/", "/mnt/", "/opt/", "/etc/", "/srv/", "/data/", "/media/", "~/",
        "file:", "../", "..\\", "localhost", ".local", ".lan", ".internal", ".home.arpa",
    ]

    /// Why a text must not leave, as the end of a sentence; `nil`: it may.
    static func objection(to text: String) -> String? {
        guard text.unicodeScalars.count <= longest else { return "is longer than \(longest) characters" }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            return "holds control characters"
        }
        guard text.utf8.allSatisfy(isOfName) else { return "holds characters that a name does not need" }
        let lower = text.lowercased()
        let words = lower.split { $0 == " " || $0 == "/" || $0 == "=" || $0 == ":" || $0 == "," || $0 == "@" }
        if secretPrefixes.contains(where: { prefix in lower.hasPrefix(prefix) || words.contains { $0.hasPrefix(prefix) }
        })
            || secretWords.contains(where: { contains(lower, $0) })
        {
            return "looks like a key"
        }
        if lower.hasPrefix("/") || isDrive(lower) || privatePlaces.contains(where: { contains(lower, $0) }) {
            return "looks like a place on this machine or network"
        }
        if contains(lower, "://") { return "looks like an address" }
        if words.contains(where: { isNumericAddress($0) }) { return "looks like a network address" }
        if isMail(lower) { return "looks like a mail address" }
        if words.contains(where: { isRandom($0) }) { return "looks like a key or token" }
        return nil
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isOfName(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || " ._-+:/@()[],=~#\\".utf8.contains(byte)
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    /// `c:\` and `\\server`
    private static func isDrive(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.starts(with: Array("\\\\".utf8)) { return true }
        return bytes.count >= 3 && isLetter(bytes[0]) && bytes[1] == 0x3A && (bytes[2] == 0x5C || bytes[2] == 0x2F)
    }

    /// Four numbers up to 255 with points, or three and more groups with colons.
    private static func isNumericAddress(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { $0.count <= 3 && UInt8($0) != nil }
    }

    private static func isMail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[0].hasSuffix("/")
    }

    /// 24 and more characters in a row without a break that mix letters and digits many times over, as tokens do and
    /// names do not.
    private static func isRandom(_ word: Substring) -> Bool {
        return word.split { ".-_()[]+~#\\".contains($0) }.contains { part in
            guard part.utf8.count >= 24 else { return false }
            let bytes = Array(part.utf8)
            let changes = zip(bytes, bytes.dropFirst()).count { isDigit($0) != isDigit($1) }
            return changes >= 4
        }
    }
}
