import ArenaCore
import Crypto
import Glibc

/// The cockpit's page and the description of the routes, read from plain files when the server starts.
///
/// The folder `ui` holds `index.html` and `assets/`. What lies in `assets/` is served below a folder that is named after
/// the hash of all of it, so that the modules, which import each other by relative names, change address together.
package struct PageAssets: Sendable {
    /// The name of the folder that the assets are served below: 16 hexadecimal digits.
    let version: String
    let index: StaticFile?
    /// By file name.
    let files: [String: StaticFile]
    /// `nil` where the document was not found.
    let openAPI: RouteDocument?

    /// A server without a page.
    package static let none = PageAssets(version: "", index: nil, files: [:], openAPI: nil)

    private init(version: String, index: StaticFile?, files: [String: StaticFile], openAPI: RouteDocument?) {
        self.version = version
        self.index = index
        self.files = files
        self.openAPI = openAPI
    }

    /// Reads and compresses everything. Blocks for some milliseconds.
    ///
    /// - Parameters:
    ///   - ui: the folder `ui`; without it the server has no page.
    ///   - openAPI: the file `openapi.yaml`; without it `/openapi.json` is not found.
    /// - Throws: `page.unreadable` for a file that is there and cannot be used.
    package init(ui: String?, openAPI: String?) throws {
        var files: [String: StaticFile] = [:]
        var hash = SHA256()
        var page: [UInt8]?
        if let ui {
            page = try Self.read("\(ui)/index.html")
            for name in try Self.names(in: "\(ui)/assets") {
                guard let type = Self.type(of: name) else { continue }
                let file = StaticFile(bytes: try Self.read("\(ui)/assets/\(name)"), type: type)
                files[name] = file
                hash.update(data: Array("\(name) \(file.sha256)\n".utf8))
            }
        }
        version = String(Identifier.hex(hash.finalize()).prefix(16))
        self.files = files
        let folder = version
        index = page.map { bytes in
            let text = String(decoding: bytes, as: UTF8.self).split(
                separator: "\"assets/", omittingEmptySubsequences: false)
            return StaticFile(
                bytes: Array(text.joined(separator: "\"\(folder)/").utf8), type: "text/html; charset=utf-8")
        }
        self.openAPI = try openAPI.map { RouteDocument(source: try Self.read($0)) }
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// `nil` for a file that is not part of a page.
    private static func type(of name: String) -> String? {
        guard Identifier.isName(name), let dot = name.lastIndex(of: ".") else { return nil }
        return types[String(name[name.index(after: dot)...])]
    }

    private static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw unreadable(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.sorted()
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "re") else { throw unreadable(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count < 8 << 20 else { throw unreadable(path) }
        }
        guard ferror(file) == 0 else { throw unreadable(path) }
        return bytes
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(
            code: "page.unreadable", category: .failedPrecondition,
            message: "The cockpit's page cannot be read: \(path): \(String(cString: strerror(errno))).",
            hint: "Install Arena anew, or start it in a whole checkout.")
    }
}
