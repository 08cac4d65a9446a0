import ArenaPluginWire
import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Puts up what keeps a plugin in. On the only thread of the process and before any code of the plugin: threads started
/// later inherit the fences, and a user namespace is refused to a process with more threads.
enum Fences {
    /// Puts them up in the order in which one does not hinder the next, and says how each went. A fence that the kernel
    /// refuses is reported, not made up for: what a partial sandbox means is the host's decision.
    static func putUp(_ sandbox: Hello.Sandbox) -> Ready.Fences {
        var fences = putUpAllButFilter(sandbox)
        putUpFilter(sandbox, mayExecute: false, in: &fences)
        return fences
    }

    /// Those that a process made afterwards shares: it then lies within them with this one, so that it can be told to
    /// end with it.
    ///
    /// - Parameter executables: files of a program that is to take a process's place; none else may.
    static func putUpAllButFilter(_ sandbox: Hello.Sandbox, executables: [String] = []) -> Ready.Fences {
        simulate(sandbox.simulateRefusal)
        var fences = Ready.Fences()
        fences.noNewPrivileges = fence(arena_linux_no_new_privileges())
        if sandbox.emptyNetwork {
            fences.network = fence(arena_linux_empty_network())
            // A change of credentials may have taken it away.
            _ = arena_linux_die_with_parent()
        }
        fences.capabilities = fence(arena_linux_drop_capabilities())
        if sandbox.landlock { fences.landlock = fence(landlock(sandbox, executables)) }
        fences.limits = fence(limits(sandbox.limits))
        return fences
    }

    /// The last: no process can be made behind it.
    static func putUpFilter(_ sandbox: Hello.Sandbox, mayExecute: Bool, in fences: inout Ready.Fences) {
        guard sandbox.seccomp else { return }
        fences.seccomp = fence(arena_linux_seccomp(sandbox.emptyNetwork ? 0 : 1, mayExecute ? 1 : 0))
    }

    private static func fence(_ error: Int32) -> Ready.Fence {
        error == 0 ? .ok : .refused(String(cString: arena_linux_error_name(error)))
    }

    private static func landlock(_ sandbox: Hello.Sandbox, _ executables: [String]) -> Int32 {
        let readable = sandbox.readOnly.map { (strdup($0), Int32(0)) }
        let writable = sandbox.readWrite.map { (strdup($0), Int32(1)) }
        let paths = readable + writable + executables.map { (strdup($0), Int32(2)) }
        defer { for (path, _) in paths { free(path) } }
        let rules = paths.map { arena_linux_path(path: UnsafePointer($0.0), writable: $0.1) }
        var skipped: Int32 = 0
        return arena_linux_landlock(rules, Int32(rules.count), sandbox.emptyNetwork ? 1 : 0, &skipped)
    }

    private static func limits(_ limits: Hello.Limits) -> Int32 {
        var values = arena_linux_limits(
            address_space: limits.addressSpace, cpu_seconds: limits.cpuSeconds, file_size: limits.fileSize,
            open_files: limits.openFiles, processes: limits.processes)
        return arena_linux_set_limits(&values)
    }

    private static func simulate(_ refusals: [String]) {
        let bits = refusals.reduce(UInt32(0)) { bits, name in
            switch name {
            case "namespaces": bits | ARENA_LINUX_REFUSE_NAMESPACES
            case "landlock": bits | ARENA_LINUX_REFUSE_LANDLOCK
            case "seccomp": bits | ARENA_LINUX_REFUSE_SECCOMP
            default: bits
            }
        }
        if bits != 0 { _ = arena_linux_simulate(bits) }
    }
}
