import ArenaCore
import ArenaJSON

/// An HTTP request as a codec wrote it, checked: nothing in it can change what the host sends besides.
package struct CodecRequest: Hashable, Sendable {
    package var method: String
    /// Begins with a slash; relative to the lane's base URL.
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package static func == (a: Self, b: Self) -> Bool {
        a.method == b.method && a.path == b.path && a.body == b.body
            && a.headers.elementsEqual(b.headers) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(path)
        hasher.combine(body)
    }

    /// The host's own business; a codec has no secrets either [CODEC-3].
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "authorization", "proxy-authorization", "cookie",
        "expect", "upgrade", "te", "trailer",
    ]

    /// Reads `{"method", "path", "headers", "body"}`.
    ///
    /// - Throws: ``PluginFault`` that names what is wrong.
    init(_ text: String, plugin: String) throws(PluginFault) {
        func fault(_ what: String) -> PluginFault {
            PluginFault.codec("plugin.bad_request", "wrote a request \(what)", plugin: plugin)
        }
        guard let document = try? JSONValue(parsing: text), document.object != nil else {
            throw fault("that is no JSON object")
        }
        method = document["method"]?.string ?? ""
        guard method == "GET" || method == "POST" else { throw fault("whose method is neither GET nor POST") }
        path = document["path"]?.string ?? ""
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 2048,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") }),
            !path.split(separator: "/").contains("..")
        else { throw fault("without a plain path") }
        body = Array((document["body"]?.string ?? "").utf8)
        headers = []
        for (name, value) in document["headers"]?.object ?? [:] {
            guard let text = value.string, Self.isToken(name), Self.isValue(text),
                !Self.reserved.contains(name.lowercased()), headers.count < 32
            else { throw fault("with a header \"\(name.prefix(60))\" that it may not set") }
            headers.append((name, text))
        }
    }

    private static func isToken(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.count <= 4096 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

extension PluginFault {
    /// A rule of the codec interface that a plugin broke.
    static func codec(_ code: String, _ what: String, plugin: String) -> PluginFault {
        let failure = Failure(
            code: code, category: .internalError, message: "The codec of plugin \(plugin) \(what).",
            hint: "This is a fault of the plugin: report it to its author.")
        return PluginFault(.failed(.internalError, failure, retry: false), plugin: plugin)
    }
}
