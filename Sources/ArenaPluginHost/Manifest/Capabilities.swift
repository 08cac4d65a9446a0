package import ArenaCore
import ArenaJSON

/// Where a plugin's code runs.
package enum Isolation: String, Hashable, Sendable, CaseIterable {
    /// In the host's own process: fast, and a crash is the host's.
    case host
    /// In a fenced process of its own.
    case child
}

/// What the network is to a plugin.
package enum NetworkAccess: Hashable, Sendable {
    case none
    /// These hosts (`name` or `name:port`), through `arena.http/1` only.
    case hosts([String])
    case any
}

/// How long one call may take.
package struct TimeoutRange: Hashable, Sendable {
    /// Used when the user says nothing.
    package var standard: Duration?
    /// The most that a user may ask for.
    package var longest: Duration?
}

/// How often and how soon a job that failed is tried again; what is `nil` is the host's choice.
package struct RetryWishes: Hashable, Sendable {
    /// After so many failures a job has failed.
    package var mostAttempts: Int?
    /// The pause after the first failure; it doubles with each.
    package var firstPause: Duration?
    package var longestPause: Duration?
}

/// What a kind needs and promises; the host enforces it.
package struct Capabilities: Hashable, Sendable {
    /// Needs the GPU lease. Default: no.
    package var needsGPU = false
    /// Wants its lane to itself. Default: no.
    package var needsExclusiveLane = false
    /// Default: none.
    package var network = NetworkAccess.none
    /// Refuses to be waited for: enqueue and look later. Default: no.
    package var isAsyncOnly = false
    package var timeout = TimeoutRange()
    /// For a kind of job.
    package var retry = RetryWishes()
    /// How many of its jobs run at once, over all workers of a home; `nil`: any number.
    package var concurrency: Int?
    /// How much memory it needs at most; `nil`: the host's default.
    package var memory: ByteCount?
    /// No effect besides the result. Default: no.
    package var isPure = false
    /// Equal input, equal result. Default: no.
    package var isDeterministic = false
    /// May be called by several threads at once. Default: no.
    package var isReentrant = false
    /// Continues from a checkpoint. Default: no.
    package var isResumable = false
    /// Where it would like to run; `nil`: no wish.
    package var isolation: Isolation?

    package init() {}
}

extension Capabilities {
    private static let members: Set<String> = [
        "gpu", "exclusive_lane", "network", "async_only", "timeout_ms", "retry", "concurrency", "memory_mb", "pure",
        "deterministic", "reentrant", "resumable", "isolation",
    ]

    init(_ node: ManifestNode, _ warnings: inout [String]) throws(PluginError) {
        _ = try node.object("`capabilities`")
        func flag(_ key: String) throws(PluginError) -> Bool { try node[key]?.flag("`\(key)`") ?? false }
        needsGPU = try flag("gpu")
        needsExclusiveLane = try flag("exclusive_lane")
        isAsyncOnly = try flag("async_only")
        isPure = try flag("pure")
        isDeterministic = try flag("deterministic")
        isReentrant = try flag("reentrant")
        isResumable = try flag("resumable")
        if let network = node["network"] { self.network = try NetworkAccess(network) }
        if let timeout = node["timeout_ms"] { self.timeout = try TimeoutRange(timeout, &warnings) }
        if let retry = node["retry"] { self.retry = try RetryWishes(retry, &warnings) }
        concurrency = try node["concurrency"]?.integer("`concurrency`", in: 1...256)
        if let memory = node["memory_mb"] {
            self.memory = .mebibytes(UInt64(try memory.integer("`memory_mb`", in: 1...(1 << 20))))
        }
        if let isolation = node["isolation"] {
            guard let value = Isolation(rawValue: try isolation.text("`isolation`")) else {
                throw isolation.error("`isolation` must be \"host\" or \"child\"")
            }
            self.isolation = value
        }
        node.warnOfUnknownMembers(besides: Self.members, into: &warnings)
    }
}

extension NetworkAccess {
    fileprivate init(_ node: ManifestNode) throws(PluginError) {
        switch node.value {
        case .string("none"): self = .none
        case .string("any"): self = .any
        case .array:
            var hosts: [String] = []
            for host in try node.array("`network`") {
                let text = try host.text("A host of `network`")
                guard Self.isHost(text) else {
                    throw host.error("\"\(text)\" is no host: write a lower-case name or address, or `name:port`")
                }
                hosts.append(text)
            }
            self = hosts.isEmpty ? .none : .hosts(hosts)
        default: throw node.error("`network` must be \"none\", \"any\" or a list of hosts")
        }
    }

    private static func isHost(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...253).contains(parts[0].utf8.count) else { return false }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]), port > 0, String(port) == parts[1] else { return false }
        }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && !label.hasPrefix("-")
                && label.utf8.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                    case UInt8(ascii: "-"): true
                    default: false
                    }
                }
        }
    }
}

extension RetryWishes {
    fileprivate init(_ node: ManifestNode, _ warnings: inout [String]) throws(PluginError) {
        _ = try node.object("`retry`")
        let aDay = 24 * 3_600_000
        let first = try node["first_pause_ms"]?.integer("`first_pause_ms`", in: 0...aDay)
        let longest = try node["longest_pause_ms"]?.integer("`longest_pause_ms`", in: 0...aDay)
        if let first, let longest, first > longest {
            throw node.error("`first_pause_ms` (\(first)) is more than `longest_pause_ms` (\(longest))")
        }
        node.warnOfUnknownMembers(besides: ["max_attempts", "first_pause_ms", "longest_pause_ms"], into: &warnings)
        self.init(
            mostAttempts: try node["max_attempts"]?.integer("`max_attempts`", in: 1...100),
            firstPause: first.map { .milliseconds($0) }, longestPause: longest.map { .milliseconds($0) })
    }
}

extension TimeoutRange {
    private static let aWeek = 7 * 24 * 3_600_000

    fileprivate init(_ node: ManifestNode, _ warnings: inout [String]) throws(PluginError) {
        _ = try node.object("`timeout_ms`")
        let shortest = try node["default"]?.integer("`default`", in: 1...Self.aWeek)
        let most = try node["max"]?.integer("`max`", in: 1...Self.aWeek)
        if let shortest, let most, shortest > most {
            throw node.error("`default` (\(shortest) ms) is more than `max` (\(most) ms)")
        }
        node.warnOfUnknownMembers(besides: ["default", "max"], into: &warnings)
        self.init(standard: shortest.map { .milliseconds($0) }, longest: most.map { .milliseconds($0) })
    }
}
