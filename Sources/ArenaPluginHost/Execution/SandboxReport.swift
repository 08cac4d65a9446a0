package import ArenaPluginWire

/// Which fences a plugin's children really have.
package enum SandboxReport: Hashable, Sendable {
    case full
    /// The parts that the kernel refused, with what that leaves open: `files (ENOSYS)`.
    case partial([String])

    package init(_ fences: Ready.Fences, network: NetworkAccess) {
        var missing: [String] = []
        func note(_ fence: Ready.Fence, _ what: String) {
            if case .refused(let error) = fence { missing.append("\(what) (\(error))") }
        }
        note(fences.noNewPrivileges, "privileges")
        note(fences.capabilities, "capabilities")
        note(fences.landlock, "files")
        note(fences.limits, "limits")
        note(fences.seccomp, "system calls")
        // Without the namespace seccomp alone still refuses every socket: nothing is open then.
        if fences.seccomp != .ok { note(fences.network, "network") }
        self = missing.isEmpty ? .full : .partial(missing)
    }

    /// For people and JSON: `full`, or `partial (files (ENOSYS))`.
    package var description: String {
        switch self {
        case .full: "full"
        case .partial(let parts): "partial (\(parts.joined(separator: ", ")))"
        }
    }
}
