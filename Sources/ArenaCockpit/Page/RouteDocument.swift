import ArenaJSON
import ArenaYAML
import Synchronization

/// The description of the routes, made of its YAML when somebody first asks for it: that takes a tenth of a second,
/// which a start has no use for.
final class RouteDocument: Sendable {
    private let source: [UInt8]
    private let made = Mutex<StaticFile?>(nil)

    /// - Parameter source: `openapi.yaml`.
    init(source: [UInt8]) { self.source = source }

    /// - Throws: for text that is no YAML.
    func file() throws -> StaticFile {
        try made.withLock { made in
            if let made { return made }
            let document = try YAMLDocument(parsing: source)
            let file = StaticFile(bytes: document.value.bytes(), type: "application/json")
            made = file
            return file
        }
    }
}
