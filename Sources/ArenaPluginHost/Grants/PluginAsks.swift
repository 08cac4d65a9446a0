/// What a plugin asks for beyond computing on the data it is handed: what a grant is about.
///
/// Kept as short stable tokens, the same in `plugins.lock`, so that two versions can be compared.
package struct PluginAsks: Hashable, Sendable {
    /// `ffi: LIBRARY FUNCTION`, `exec: COMMAND`, `gpu`, `exclusive_lane`, `network: any`, `network: HOST`, `isolation: host`, `export: RECORD_TYPE`; sorted.
    package var capabilities: [String]
    /// `arena.job/1`, and one for each element of a scope: `arena.views/1 views: bench`; sorted.
    package var services: [String]

    package init(capabilities: [String], services: [String]) {
        self.capabilities = capabilities
        self.services = services
    }

    package init(_ manifest: PluginManifest) {
        var capabilities: Set<String> = []
        for kind in manifest.provides {
            let wanted = kind.capabilities
            if wanted.needsGPU { capabilities.insert("gpu") }
            if let foreign = kind.foreign { capabilities.insert(foreign.token) }
            if wanted.needsExclusiveLane { capabilities.insert("exclusive_lane") }
            if wanted.isolation == .host { capabilities.insert("isolation: host") }
            switch wanted.network {
            case .none: break
            case .hosts(let hosts): capabilities.formUnion(hosts.map { "network: \($0)" })
            case .any: capabilities.insert("network: any")
            }
        }
        for type in manifest.recordTypes where type.visibility == .export {
            capabilities.insert("export: \(type.name)")
        }
        var services: Set<String> = []
        for request in manifest.services {
            services.insert(request.id.description)
            for (member, _) in request.scope {
                services.formUnion(request.names(member).map { "\(request.id) \(member): \($0)" })
            }
        }
        self.init(capabilities: capabilities.sorted(), services: services.sorted())
    }

    package var isEmpty: Bool { capabilities.isEmpty && services.isEmpty }

    /// All tokens, capabilities first.
    package var tokens: [String] { capabilities + services }

    /// A token in words, such as `read the view bench`; the token itself where there are none.
    package static func words(for token: String) -> String {
        if token.hasPrefix("exec: ") { return "run the program `\(token.dropFirst(6))`" }
        let parts = token.split(separator: " ", maxSplits: 2).map(String.init)
        if parts.count == 3, parts[0] == "ffi:" { return "call the function \(parts[2]) of \(parts[1])" }
        let value = parts.last ?? ""
        switch parts.dropLast().joined(separator: " ") {
        case "network:": return value == "any" ? "reach any host on the network" : "reach \(value) through Arena"
        case "isolation:": return "run inside Arena's own process, where a crash is Arena's"
        case "export:": return "let exporters read its records \(value)"
        case "arena.views/1 views:": return "read the view \(value)"
        case "arena.http/1 hosts:": return "send HTTP requests to \(value)"
        case "arena.http/1 secrets:": return "have the secret \(value) sent to those hosts"
        case "arena.http/1 addresses:":
            return value == "loopback" ? "reach servers on this machine" : "reach servers on the local network"
        case "arena.process/1 executables:": return "start the program \(value)"
        case "arena.files/1 roots:": return "read the files below \(value)"
        default: return plainWords[token] ?? token
        }
    }

    private static let plainWords = [
        "gpu": "use the GPU",
        "exclusive_lane": "have a lane to itself",
        "arena.job/1": "store records of its own jobs",
        "arena.lanes/1": "ask models through the lanes",
        "arena.scoring/1": "have answers scored",
        "arena.views/1": "read named views of the store",
        "arena.artifacts/1": "store files with its jobs",
        "arena.kv/1": "keep small values of its own",
        "arena.http/1": "send HTTP requests through Arena",
        "arena.process/1": "start programs",
        "arena.files/1": "read files that the configuration names",
        "arena.index/1": "build search indexes",
        "arena.clock/1": "read the time",
        "arena.random/1": "draw recorded random numbers",
    ]
}
