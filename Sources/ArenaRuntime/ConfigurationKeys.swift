import ArenaCore
import ArenaJSON

/// One setting: its names, its rule and how its value is read.
struct ConfigurationKey<Value: Sendable> {
    /// The dotted name in `arena.yaml`.
    let name: String
    /// The environment variable; `nil` for what only a file can say.
    var variable: String?
    /// What a value must be, to follow "must be".
    let rule: String
    var hint: String?
    let defaultValue: Value
    /// Reads a flag or a variable.
    var fromText: (String) -> Value? = { _ in nil }
    /// Reads a value of `arena.yaml`.
    let fromFile: (JSONValue) -> Parsed<Value>
}

/// What became of a value of `arena.yaml`.
enum Parsed<Value> {
    case value(Value)
    /// Breaks the setting's own rule.
    case mismatch
    /// Something inside breaks a rule of its own.
    case mismatchInside(JSONPointer, rule: String)

    init(_ value: Value?) { self = value.map(Self.value) ?? .mismatch }
}

extension ConfigurationKey<String> {
    static var host: Self {
        func read(_ text: String) -> String? {
            text.isEmpty || text.contains { $0.isWhitespace || $0 == "/" } ? nil : text
        }
        return Self(
            name: "host",
            variable: "ARENA_HOST",
            rule: "a host name or an IP address",
            hint: "The default, 127.0.0.1, is reachable from this machine only.",
            defaultValue: "127.0.0.1",
            fromText: read,
            fromFile: { Parsed($0.string.flatMap(read)) }
        )
    }
}

extension ConfigurationKey<Int> {
    static var port: Self { integer("port", "ARENA_PORT", 0...65_535, default: 7866, hint: "0 takes any free port.") }
    static var parallelJobs: Self { integer("jobs.parallel", "ARENA_JOBS_PARALLEL", 1...256, default: 2) }
    static var gpuJobs: Self { integer("jobs.gpu", "ARENA_JOBS_GPU", 1...256, default: 1) }
    static var leaseSeconds: Self { integer("jobs.lease_s", "ARENA_JOBS_LEASE_S", 1...3600, default: 30) }

    static var keepDays: Self {
        integer("jobs.keep_days", "ARENA_JOBS_KEEP_DAYS", 0...36_500, default: 90, hint: "0 keeps them for ever.")
    }

    private static func integer(
        _ name: String,
        _ variable: String,
        _ range: ClosedRange<Int>,
        default defaultValue: Int,
        hint: String? = nil
    ) -> Self {
        func check(_ value: Int) -> Int? { range.contains(value) ? value : nil }
        return Self(
            name: name,
            variable: variable,
            rule: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            hint: hint,
            defaultValue: defaultValue,
            fromText: { Int($0).flatMap(check) },
            fromFile: { Parsed($0.int.flatMap(check)) }
        )
    }
}

extension ConfigurationKey<String?> {
    static var publicURL: Self {
        func read(_ text: String) -> String? {
            let rest = ["http://", "https://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) } ?? ""
            let host = rest.hasSuffix("/") ? rest.dropLast() : rest
            return host.isEmpty || host.contains { $0.isWhitespace || "/?#@".contains($0) } ? nil : text
        }
        return Self(
            name: "server.public_url",
            variable: "ARENA_SERVER_PUBLIC_URL",
            rule: "http:// or https:// with a host and no path",
            defaultValue: nil,
            fromText: { read($0).map(Optional.some) },
            fromFile: { Parsed($0.string.flatMap(read).map(Optional.some)) }
        )
    }
}

extension ConfigurationKey<Configuration.PluginTrust> {
    static var pluginTrust: Self {
        Self(
            name: "plugins.trust",
            variable: "ARENA_PLUGINS_TRUST",
            rule: "'ask' or 'all'",
            hint: "'all' runs whatever lies in a plugin directory.",
            defaultValue: .ask,
            fromText: { Configuration.PluginTrust(rawValue: $0) },
            fromFile: { Parsed($0.string.flatMap(Configuration.PluginTrust.init)) }
        )
    }
}

extension ConfigurationKey<[String]> {
    static func pluginDirectories(_ reader: ConfigurationReader) -> Self {
        Self(
            name: "plugins.directories",
            variable: "ARENA_PLUGINS_DIRECTORIES",
            rule: "a list of directories",
            defaultValue: [],
            fromText: { $0.split(separator: ":").map { reader.workingPaths.absolute(String($0)) } },
            fromFile: { value in
                guard let elements = value.array else { return .mismatch }
                var directories: [String] = []
                for (index, element) in elements.enumerated() {
                    guard let path = element.string, !path.isEmpty else {
                        return .mismatchInside(JSONPointer().appending(index), rule: "a path")
                    }
                    directories.append(reader.filePaths.absolute(path))
                }
                return .value(directories)
            }
        )
    }
}

extension ConfigurationKey<[String: String]> {
    static var preferredPlugins: Self {
        Self(
            name: "plugins.prefer",
            rule: "kinds with the plugin that provides each",
            hint: "For example:  prefer: {exact_match: text}",
            defaultValue: [:],
            fromFile: { value in
                guard let members = value.object else { return .mismatch }
                var preferred: [String: String] = [:]
                for (kind, plugin) in members {
                    guard let id = plugin.string, Identifier.isName(id) else {
                        return .mismatchInside(JSONPointer([kind]), rule: "the id of a plugin")
                    }
                    preferred[kind] = id
                }
                return .value(preferred)
            }
        )
    }
}

extension ConfigurationKey<[LaneConfiguration]> {
    static func lanes(_ reader: ConfigurationReader) -> Self {
        Self(
            name: "lanes",
            rule: "a list of lanes",
            hint: "For example:  lanes: [{id: mine, type: replay}]",
            defaultValue: [],
            fromFile: { readLanes($0, reader.filePaths) }
        )
    }

    private static func readLanes(_ value: JSONValue, _ paths: ConfigurationPaths) -> Parsed<[LaneConfiguration]> {
        guard let elements = value.array else { return .mismatch }
        var lanes: [LaneConfiguration] = []
        for (index, element) in elements.enumerated() {
            let place = JSONPointer().appending(index)
            guard element.object != nil else { return .mismatchInside(place, rule: "a lane with 'id' and 'type'") }
            guard let id = element["id"]?.string, Identifier.isName(id) else {
                let at = element["id"] == nil ? place : place.appending("id")
                return .mismatchInside(at, rule: "a lane with an id of a-z, 0-9, '_', '-' and '.'")
            }
            guard !lanes.contains(where: { $0.id == id }) else {
                return .mismatchInside(
                    place.appending("id"), rule: "the id of one lane only, but '\(id)' was used above")
            }
            guard let type = element["type"]?.string, !type.isEmpty else {
                let at = element["type"] == nil ? place : place.appending("type")
                return .mismatchInside(at, rule: "a lane with the name of a lane type")
            }
            let config = element["config"] ?? [:]
            guard config.object != nil else { return .mismatchInside(place.appending("config"), rule: "a mapping") }
            let title = element["title"]
            guard title == nil || title?.string != nil else {
                return .mismatchInside(place.appending("title"), rule: "text")
            }
            var lane = LaneConfiguration(id: id, type: type, config: config, title: title?.string)
            if let (inner, rule) = lane.readServer(element, paths) {
                return .mismatchInside(JSONPointer(place.tokens + inner.tokens), rule: rule)
            }
            lanes.append(lane)
        }
        return .value(lanes)
    }
}
