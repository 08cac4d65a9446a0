import ArenaCore
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// One file as it is served: read, hashed and compressed once.
struct StaticFile: Sendable {
    let bytes: [UInt8]
    /// `nil` where compression gains nothing.
    let gzip: [UInt8]?
    let type: String
    /// The SHA-256 of ``bytes``, 64 hexadecimal digits.
    let sha256: String

    /// How long a browser may keep it without asking.
    enum Caching: String {
        /// The address holds the hash of the content.
        case forever = "public, max-age=31536000, immutable"
        /// It may change with the next start, so the browser asks with the `ETag` that it has.
        case ask = "no-cache"
    }

    init(bytes: [UInt8], type: String) {
        self.bytes = bytes
        self.type = type
        gzip = Gzip.compress(bytes)
        sha256 = Identifier.hex(SHA256.hash(data: bytes))
    }

    /// The file, compressed where the client takes that, or 304 where it has it.
    func reply(to request: RouteRequest, caching: Caching) -> Response {
        let compressed = Self.takesGzip(request.headers[.acceptEncoding] ?? "") ? gzip : nil
        let tag = "\"\(sha256.prefix(32))\(compressed == nil ? "" : "-gzip")\""
        var headers = Reply.protectiveHeaders
        headers[.cacheControl] = caching.rawValue
        headers[.eTag] = tag
        headers[.vary] = "Accept-Encoding"
        let known = (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
        if known.contains(where: { $0 == tag || $0 == "W/\(tag)" }) {
            return Response(status: .notModified, headers: headers)
        }
        let body = compressed ?? bytes
        headers[.contentType] = type
        headers[.contentLength] = String(body.count)
        if compressed != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// Whether an `Accept-Encoding` field takes gzip: named, and not with weight 0.
    private static func takesGzip(_ field: String) -> Bool {
        field.lowercased().split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            guard words.first == "gzip" || words.first == "*" else { return false }
            return !words.dropFirst().contains { $0.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) } }
        }
    }
}
