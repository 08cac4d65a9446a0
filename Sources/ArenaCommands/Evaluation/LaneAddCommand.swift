import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaRuntime
import ArgumentParser
import Foundation

struct LaneAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a lane to arena.yaml, after looking at what answers there.",
        discussion: """
            Comments and order of arena.yaml stay. A key is named, never written: store it with `arena secret set NAME`.
            Example: arena lane add mine --type openai --url http://127.0.0.1:8080
            """)

    @Argument(help: "The name of the new lane.")
    var id: String

    @Option(help: "The lane type.")
    var type = "openai"

    @Option(help: "Where its server is: http://HOST:PORT; none for a lane type that is its own.")
    var url: String?

    @Option(help: "The model to ask for where a request names none.")
    var model: String?

    @Option(name: .customLong("header"), help: "A header for every request: 'Authorization: Bearer ${secret:NAME}'")
    var headers: [String] = []

    @Option(
        name: .customLong("ca-file"),
        help: "The certificates, in PEM form, that are trusted in place of the system's.", completion: .file())
    var certificateFile: String?

    @Option(help: "For people.")
    var title: String?

    @Flag(name: .customLong("no-check"), help: "Do not look at what answers.")
    var skipsCheck = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let lane = try configuration()
        try await global.withRuntime { runtime in
            let file = runtime.options.home + "/arena.yaml"
            guard !runtime.lanes.lanes.contains(where: { $0.id == id && !$0.isEmbedded }) else {
                throw ConfigurationError.laneExists(id)
            }
            let identity = skipsCheck ? .null : try await identify(lane.definition, runtime)
            try LaneFile(path: file).add(lane)
            var answer: JSONObject = ["id": .string(id), "file": .string(file), "lane": lane.shown]
            answer["identity"] = identity
            if let note = modelNote(identity) { answer["note"] = .string(note) }
            Console.current.answer(.object(answer)) { Presentation.laneAdded(.object(answer), $0) }
        }
    }

    private func identify(_ lane: LaneDefinition, _ runtime: ArenaRuntime) async throws -> JSONValue {
        do {
            guard try await runtime.lanes.hasServer(lane) || url == nil else {
                throw Self.bad("The lane type \(type) is its own server and takes no --url.")
            }
            let identity = try await runtime.lanes.identity(of: lane)
            // Who knows none of the routes gives no models either: then the models' own route says why.
            if identity["models"]?.array?.isEmpty == true, identity["state"] != "loading" {
                _ = try await runtime.lanes.models(of: lane)
            }
            return identity
        } catch {
            var failure = Failure(error)
            failure.message += " The lane was not added."
            let cure = failure.hint.map { $0.hasSuffix(".") ? $0 + " " : $0 + ". " } ?? ""
            failure.hint = cure + "To add it all the same: --no-check"
            throw failure
        }
    }

    /// Said of a model that its server does not name.
    private func modelNote(_ identity: JSONValue) -> String? {
        let names = (identity["models"]?.array ?? []).compactMap { $0["id"]?.string }
        guard let model, !names.isEmpty, !names.contains(model) else { return nil }
        return "Note: the server does not list a model \(model); it lists: \(names.prefix(10).joined(separator: ", "))"
            + (names.count > 10 ? ", … \(names.count) in all." : ".")
    }

    private func configuration() throws -> LaneConfiguration {
        guard Identifier.isName(id) else { throw Self.bad("A lane's id is made of a-z, 0-9, '_', '-' and '.'.") }
        if let url, let fault = LaneEndpoint.fault(of: url) {
            throw Self.bad("--url \"\(url)\" is no address: \(fault).")
        }
        if let certificateFile, !FileManager.default.isReadableFile(atPath: certificateFile) {
            throw Self.bad("--ca-file \(certificateFile) cannot be read.")
        }
        var lane = LaneConfiguration(id: id, type: type, title: title)
        lane.baseURL = url.map { LaneEndpoint($0).baseURL }
        lane.model = model
        lane.certificateFile = certificateFile.map { URL(filePath: $0).path }
        for header in headers {
            guard let colon = header.firstIndex(of: ":") else { throw Self.bad("--header needs 'Name: value'.") }
            let name = String(header[..<colon])
            let value = String(header[header.index(after: colon)...].drop { $0 == " " })
            guard LaneConfiguration.isHeader(name, value) else { throw Self.bad("--header \(name) cannot be sent.") }
            if ["authorization", "x-api-key", "api-key"].contains(name.lowercased()), !value.contains("${secret:") {
                throw Failure(
                    code: "cli.bad_option", category: .invalidArgument,
                    message: "--header \(name) holds a key itself, which would lie in arena.yaml for all to read.",
                    hint: "Store it with `arena secret set NAME` and write ${secret:NAME} in its place.")
            }
            lane.headers.append(LaneHeader(name, value))
        }
        return lane
    }

    private static func bad(_ message: String) -> Failure {
        Failure(
            code: "cli.bad_option", category: .invalidArgument, message: message,
            hint: "`arena help lane add` shows an example.")
    }
}

extension LaneConfiguration {
    /// Without the values of headers.
    fileprivate var shown: JSONValue {
        var members = document.object ?? [:]
        if !headers.isEmpty { members["headers"] = .array(headers.map { .string($0.name) }) }
        return .object(members)
    }
}
