package import ArenaJSON

/// The first document of the host: what to load and within which fences.
package struct Hello: Hashable, Sendable {
    package struct Plugin: Hashable, Sendable {
        package var id: String
        package var version: String
        package var sha256: String

        package init(id: String, version: String, sha256: String) {
            self.id = id
            self.version = version
            self.sha256 = sha256
        }
    }

    /// Comes back in ``Ready``, so that the host knows whom it hears.
    package var nonce: String
    /// What plugins are told of the host, in semantic versioning.
    package var hostVersion: String
    /// The host's ABI.
    package var abiMajor: UInt32
    package var abiMinor: UInt32
    /// The path of the shared library.
    package var library: String
    package var plugin: Plugin
    /// The ids of the services that were granted.
    package var services: [String]
    /// Services that the manifest asks for and that were not granted: the reason by id.
    package var withheld: [String: String]
    /// Of `arena.random/1`; 0 outside of a job.
    package var seed: UInt64
    /// Looks up every function that the library needs while it is loaded, so that one that is missing is found. A
    /// library that was loaded so before is loaded faster without: large ones in half the time.
    package var bindsNow: Bool
    package var sandbox: Sandbox
    /// A scorer without Arena code that is served in place of ``library``; `nil` for a plugin's library.
    package var foreign: JSONValue?
    /// For `arena plugin check`: the child remembers what its process is like before the library is loaded.
    package var isExamined = false

    package init(
        nonce: String, library: String, plugin: Plugin, services: [String] = [], withheld: [String: String] = [:],
        seed: UInt64 = 0, bindsNow: Bool = true, sandbox: Sandbox, hostVersion: String = "0.0.0", abiMajor: UInt32 = 1,
        abiMinor: UInt32 = 0, foreign: JSONValue? = nil
    ) {
        self.nonce = nonce
        self.hostVersion = hostVersion
        self.abiMajor = abiMajor
        self.abiMinor = abiMinor
        self.library = library
        self.plugin = plugin
        self.services = services
        self.withheld = withheld
        self.seed = seed
        self.bindsNow = bindsNow
        self.sandbox = sandbox
        self.foreign = foreign
    }
}

extension Hello {
    /// The fences that a child puts up before it loads the library.
    package struct Sandbox: Hashable, Sendable {
        /// Shut all files but ``readOnly`` and ``readWrite``.
        package var landlock: Bool
        package var seccomp: Bool
        /// No network: an empty network namespace, and no sockets. Else sockets of IPv4 and IPv6 can be made.
        package var emptyNetwork: Bool
        package var readOnly: [String]
        package var readWrite: [String]
        package var limits: Limits
        /// For tests: what the kernel is to refuse: `namespaces`, `landlock`, `seccomp`.
        package var simulateRefusal: [String]

        package init(
            landlock: Bool = true, seccomp: Bool = true, emptyNetwork: Bool = true, readOnly: [String] = [],
            readWrite: [String] = [], limits: Limits = Limits(), simulateRefusal: [String] = []
        ) {
            self.landlock = landlock
            self.seccomp = seccomp
            self.emptyNetwork = emptyNetwork
            self.readOnly = readOnly
            self.readWrite = readWrite
            self.limits = limits
            self.simulateRefusal = simulateRefusal
        }
    }

    /// Resource limits of a child; 0: none.
    package struct Limits: Hashable, Sendable {
        /// Bytes.
        package var addressSpace: UInt64
        package var cpuSeconds: UInt64
        /// Bytes.
        package var fileSize: UInt64
        package var openFiles: UInt64
        /// Threads included.
        package var processes: UInt64

        package init(
            addressSpace: UInt64 = 0, cpuSeconds: UInt64 = 0, fileSize: UInt64 = 0, openFiles: UInt64 = 0,
            processes: UInt64 = 0
        ) {
            self.addressSpace = addressSpace
            self.cpuSeconds = cpuSeconds
            self.fileSize = fileSize
            self.openFiles = openFiles
            self.processes = processes
        }
    }
}

extension Hello {
    package var json: JSONValue {
        var members: JSONObject = [
            "protocol": JSONValue(WireFormat.protocolVersion),
            "nonce": .string(nonce),
            "host_version": .string(hostVersion),
            "abi": [JSONValue(abiMajor), JSONValue(abiMinor)],
            "library": .string(library),
            "plugin": [
                "id": .string(plugin.id), "version": .string(plugin.version), "sha256": .string(plugin.sha256),
            ],
            "services": .array(services.map(JSONValue.string)),
            "withheld": .object(
                JSONObject(withheld.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) })),
            "seed": .string(String(seed)),
            "bind_now": .bool(bindsNow),
            "sandbox": sandbox.json,
        ]
        if let foreign { members["foreign"] = foreign }
        if isExamined { members["examined"] = .bool(true) }
        return .object(members)
    }

    /// Reads the document. A missing member of the sandbox is an error: a fence is never left out by omission.
    package init(_ json: JSONValue) throws(WireError) {
        let hello = Members(json, of: "hello")
        let version = try hello.integer("protocol", UInt32.self)
        guard version == UInt32(WireFormat.protocolVersion) else {
            throw WireError(.document("protocol \(version) is not \(WireFormat.protocolVersion)."))
        }
        guard let seed = UInt64(try hello.text("seed")) else { throw WireError(.document("`seed` is no number.")) }
        let plugin = Members(try hello.value("plugin"), of: "plugin")
        guard let abi = try hello.value("abi").array, abi.count == 2, let major = abi[0].int.flatMap(UInt32.init),
            let minor = abi[1].int.flatMap(UInt32.init)
        else { throw WireError(.document("`abi` is no pair of numbers.")) }
        var withheld: [String: String] = [:]
        for (id, reason) in try hello.value("withheld").object ?? [:] { withheld[id] = reason.string ?? "" }
        self.init(
            nonce: try hello.text("nonce"), library: try hello.text("library"),
            plugin: Plugin(
                id: try plugin.text("id"), version: try plugin.text("version"), sha256: try plugin.text("sha256")),
            services: try hello.texts("services"), withheld: withheld, seed: seed,
            bindsNow: try hello.bool("bind_now"), sandbox: try Sandbox(try hello.value("sandbox")),
            hostVersion: try hello.text("host_version"), abiMajor: major, abiMinor: minor, foreign: json["foreign"])
        isExamined = json["examined"]?.bool ?? false
    }
}

extension Hello.Sandbox {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "landlock": .bool(landlock),
            "seccomp": .bool(seccomp),
            "empty_network": .bool(emptyNetwork),
            "read_only": .array(readOnly.map(JSONValue.string)),
            "read_write": .array(readWrite.map(JSONValue.string)),
            "limits": [
                "address_space": JSONValue(limits.addressSpace),
                "cpu_seconds": JSONValue(limits.cpuSeconds),
                "file_size": JSONValue(limits.fileSize),
                "open_files": JSONValue(limits.openFiles),
                "processes": JSONValue(limits.processes),
            ],
        ]
        if !simulateRefusal.isEmpty {
            members["simulate_refusal"] = .array(simulateRefusal.map(JSONValue.string))
        }
        return .object(members)
    }

    fileprivate init(_ json: JSONValue) throws(WireError) {
        let sandbox = Members(json, of: "sandbox")
        let limits = Members(try sandbox.value("limits"), of: "limits")
        self.init(
            landlock: try sandbox.bool("landlock"), seccomp: try sandbox.bool("seccomp"),
            emptyNetwork: try sandbox.bool("empty_network"), readOnly: try sandbox.texts("read_only"),
            readWrite: try sandbox.texts("read_write"),
            limits: Hello.Limits(
                addressSpace: try limits.integer("address_space"), cpuSeconds: try limits.integer("cpu_seconds"),
                fileSize: try limits.integer("file_size"), openFiles: try limits.integer("open_files"),
                processes: try limits.integer("processes")),
            simulateRefusal: json["simulate_refusal"] == nil ? [] : try sandbox.texts("simulate_refusal"))
    }
}
