import Glibc

/// Who may be able to change a plugin's files: its owner and nobody else.
///
/// A file passes when it belongs to an accepted owner, is not writable by everyone, and is writable by its group only
/// when that group has no other member (as the private group has that Debian gives each user). The superuser, who can
/// change everything anyway, is never "somebody else".
struct OwnershipRule {
    private let owners: Set<UInt32>
    private let groups: any GroupDirectory

    /// The rule for the user's own directories: files of the running user or of root.
    init(user: UInt32 = geteuid(), groups: any GroupDirectory) {
        owners = [user, 0]
        self.groups = groups
    }

    /// The rule for bundled plugins: files of whoever owns the running executable.
    init(ownerOfExecutable owner: UInt32, groups: any GroupDirectory) {
        owners = [owner]
        self.groups = groups
    }

    /// - Throws: `plugin.unsafe_permissions`, naming `path` and the command that mends it.
    func check(_ status: FileStatus, path: String) throws(PluginError) {
        guard owners.contains(status.owner) else {
            throw PluginError(
                .unsafePermissions, "\(path) belongs to another user (uid \(status.owner)).",
                hint: "If you trust it, make it yours: chown -R \"$(id -u)\" \(shellQuoted(path))")
        }
        // A link has no rights of its own: Linux shows 0777 for each.
        guard status.kind != .link else { return }
        guard status.mode & 0o002 == 0 else {
            throw PluginError(
                .unsafePermissions, "\(path) can be changed by every user (mode \(octal(status.mode))).",
                hint: "chmod -R o-w \(shellQuoted(path))")
        }
        guard status.mode & 0o020 == 0 || !groups.hasMember(otherThan: status.owner, group: status.group) else {
            throw PluginError(
                .unsafePermissions,
                "\(path) can be changed by the other members of group \(status.group) (mode \(octal(status.mode))).",
                hint: "chmod -R g-w \(shellQuoted(path))")
        }
    }

    private func octal(_ mode: UInt32) -> String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// A path as one word of a shell command.
func shellQuoted(_ path: String) -> String {
    let plain = path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        default: false
        }
    }
    return plain
        ? path : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
