import ArenaCore
package import ArenaHTTPClient

/// The header of a request as it was written: its values may hold references, `Bearer ${secret:NAME}`.
package struct SecretHeaders: Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case secret(SecretName)
    }

    private let fields: [(name: String, parts: [Part])]

    /// - Throws: `secret.bad_reference` for `${` that begins no reference, `secret.bad_name`.
    package init(_ fields: [HTTPField]) throws(SecretError) {
        var parsed: [(name: String, parts: [Part])] = []
        for field in fields {
            // A name is never a place for a secret.
            guard !field.name.contains("${") else { throw SecretError(.badReference("The name of a header field")) }
            parsed.append((field.name, try Self.parse(field.value, of: field.name)))
        }
        self.fields = parsed
    }

    /// The secrets that are referred to.
    package var names: Set<SecretName> {
        Set(fields.flatMap(\.parts).compactMap { if case .secret(let name) = $0 { name } else { nil } })
    }

    /// The real header for a request to a target, with the texts of secrets that are for its host.
    ///
    /// Blocks for a moment when a secret is in the store.
    ///
    /// - Throws: `secret.unknown`, `secret.host_refused`, or what is wrong with the store.
    package func resolved(
        for target: RequestTarget, with secrets: Secrets
    ) throws(SecretError) -> [HTTPField] {
        try resolve(for: target, with: secrets).fields
    }

    /// The same, with what takes the texts out of the answer again.
    func resolve(
        for target: RequestTarget, with secrets: Secrets
    ) throws(SecretError) -> (fields: [HTTPField], mask: SecretMask) {
        var resolved: [HTTPField] = []
        var used: [Secret] = []
        for (name, parts) in fields {
            var value = ""
            for part in parts {
                switch part {
                case .text(let text): value += text
                case .secret(let name):
                    let secret = try secrets.value(name, for: target.host, port: target.port)
                    value += secret.reveal()
                    used.append(secret)
                }
            }
            resolved.append(HTTPField(name, value))
        }
        return (resolved, SecretMask(used))
    }

    private static func parse(_ value: String, of field: String) throws(SecretError) -> [Part] {
        var parts: [Part] = []
        var rest = value[...]
        while let start = rest.firstRange(of: "${") {
            if start.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<start.lowerBound]))) }
            let body = rest[start.upperBound...]
            guard let end = body.firstIndex(of: "}"), body.hasPrefix("secret:") else {
                throw SecretError(.badReference("The header field \(field)"))
            }
            parts.append(.secret(try SecretName(String(body[..<end].dropFirst("secret:".count)))))
            rest = body[body.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}
