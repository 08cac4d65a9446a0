/// One header field, in the order and spelling it is sent or was received.
package struct HTTPField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What an ``HTTPClient`` is asked to do.
package struct HTTPRequest: Sendable {
    package var method: String
    /// An `http:` or `https:` URL without user information.
    package var url: String
    package var headers: [HTTPField]
    package var body: [UInt8]
    /// Until the connection is there: name, TCP and TLS.
    package var connectTimeout: Duration = .seconds(10)
    /// The longest time without any byte in either direction once connected. It does not run while the reader of the
    /// body is the slow one.
    package var idleTimeout: Duration?
    /// From the start to the last byte.
    package var totalTimeout: Duration?
    /// Which addresses may be connected to.
    package var addresses: AddressRule
    /// A file of certificates in PEM form that are trusted for this request, authorities or the server's own, in place
    /// of the system's.
    package var certificateFile: String?
    /// Whether the server may compress its answer. Pieces of the body are what came out of the decoder.
    package var acceptsCompression = false
    /// The longest body, decoded; a longer one fails with `http.too_large`.
    package var maxBodyBytes: Int?

    package init(
        method: String = "GET", url: String, headers: [HTTPField] = [], body: [UInt8] = [],
        addresses: AddressRule = .publicOnly
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.addresses = addresses
    }
}

/// Status and header of an answer; the body follows in pieces.
package struct HTTPResponseHead: Hashable, Sendable {
    package var status: Int
    package var headers: [HTTPField]

    package init(status: Int, headers: [HTTPField]) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a field, whatever the case of its name.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}
