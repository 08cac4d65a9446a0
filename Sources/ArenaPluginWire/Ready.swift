package import ArenaJSON

/// The first document of a child that has loaded its plugin.
package struct Ready: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// What the library says of itself.
        package var id: String
        package var version: String
        package var abiMajor: UInt32
        package var abiMinor: UInt32

        package init(id: String, version: String, abiMajor: UInt32, abiMinor: UInt32) {
            self.id = id
            self.version = version
            self.abiMajor = abiMajor
            self.abiMinor = abiMinor
        }
    }

    /// That of ``Hello``.
    package var nonce: String
    package var entry: Entry
    package var fences: Fences

    package init(nonce: String, entry: Entry, fences: Fences) {
        self.nonce = nonce
        self.entry = entry
        self.fences = fences
    }

    /// How each fence was put up.
    package struct Fences: Hashable, Sendable {
        package var noNewPrivileges: Fence
        package var capabilities: Fence
        package var network: Fence
        package var landlock: Fence
        package var limits: Fence
        package var seccomp: Fence

        package init(
            noNewPrivileges: Fence = .off, capabilities: Fence = .off, network: Fence = .off, landlock: Fence = .off,
            limits: Fence = .off, seccomp: Fence = .off
        ) {
            self.noNewPrivileges = noNewPrivileges
            self.capabilities = capabilities
            self.network = network
            self.landlock = landlock
            self.limits = limits
            self.seccomp = seccomp
        }
    }

    package enum Fence: Hashable, Sendable, CustomStringConvertible {
        case ok
        /// The host did not ask for it.
        case off
        /// The kernel said no; the text is the error's name, such as `ENOSYS`.
        case refused(String)

        package var description: String {
            switch self {
            case .ok: "ok"
            case .off: "off"
            case .refused(let name): "refused:\(name)"
            }
        }

        package init?(_ text: String) {
            switch text {
            case "ok": self = .ok
            case "off": self = .off
            default:
                guard text.hasPrefix("refused:"), text.utf8.count <= 40 else { return nil }
                self = .refused(String(text.dropFirst(8)))
            }
        }
    }
}

extension Ready {
    package var json: JSONValue {
        [
            "protocol": JSONValue(WireFormat.protocolVersion),
            "nonce": .string(nonce),
            "entry": [
                "id": .string(entry.id), "version": .string(entry.version),
                "abi": [JSONValue(entry.abiMajor), JSONValue(entry.abiMinor)],
            ],
            "fences": .object(JSONObject(fences.named.map { ($0, JSONValue.string($1.description)) })),
        ]
    }

    package init(_ json: JSONValue) throws(WireError) {
        let ready = Members(json, of: "ready")
        let version = try ready.integer("protocol", UInt32.self)
        guard version == UInt32(WireFormat.protocolVersion) else {
            throw WireError(.document("protocol \(version) is not \(WireFormat.protocolVersion)."))
        }
        let entry = Members(try ready.value("entry"), of: "entry")
        guard let abi = try entry.value("abi").array, abi.count == 2, let major = abi[0].int.flatMap(UInt32.init),
            let minor = abi[1].int.flatMap(UInt32.init)
        else { throw WireError(.document("`abi` is no pair of numbers.")) }
        let fences = Members(try ready.value("fences"), of: "fences")
        self.init(
            nonce: try ready.text("nonce"),
            entry: Entry(
                id: try entry.text("id"), version: try entry.text("version"), abiMajor: major, abiMinor: minor),
            fences: Fences(
                noNewPrivileges: try fences.fence("no_new_privs"), capabilities: try fences.fence("capabilities"),
                network: try fences.fence("network"), landlock: try fences.fence("landlock"),
                limits: try fences.fence("limits"), seccomp: try fences.fence("seccomp")))
    }
}

extension Ready.Fences {
    /// Each fence with its name on the wire, in the order in which they are put up.
    package var named: [(name: String, fence: Ready.Fence)] {
        [
            ("no_new_privs", noNewPrivileges), ("network", network), ("capabilities", capabilities),
            ("landlock", landlock), ("limits", limits), ("seccomp", seccomp),
        ]
    }
}

extension Members {
    fileprivate func fence(_ key: String) throws(WireError) -> Ready.Fence {
        guard let fence = Ready.Fence(try text(key)) else {
            throw WireError(.document("`\(key)` is no fence's state."))
        }
        return fence
    }
}
