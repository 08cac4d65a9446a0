import Glibc
import Synchronization

/// Who is in a group.
package protocol GroupDirectory: Sendable {
    /// Whether somebody besides `user` and root is in the group. `true` when it cannot be found out. May block.
    func hasMember(otherThan user: UInt32, group: UInt32) -> Bool
}

/// The machine's user database (`/etc/passwd`, `/etc/group`, and what else nsswitch names).
///
/// Remembers its answers: make one for each scan.
package final class SystemGroups: GroupDirectory {
    private struct Question: Hashable {
        var user: UInt32
        var group: UInt32
    }

    private let answers = Mutex<[Question: Bool]>([:])

    package init() {}

    package func hasMember(otherThan user: UInt32, group: UInt32) -> Bool {
        let question = Question(user: user, group: group)
        if let known = answers.withLock({ $0[question] }) { return known }
        let answer = Self.listsMember(otherThan: user, group: group) || Self.isPrimary(group, otherThan: user)
        answers.withLock { $0[question] = answer }
        return answer
    }

    /// Whether the group's own list names somebody else.
    private static func listsMember(otherThan user: UInt32, group: UInt32) -> Bool {
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        var record = Glibc.group()
        var result: UnsafeMutablePointer<Glibc.group>?
        guard getgrgid_r(group, &record, &buffer, buffer.count, &result) == 0 else { return true }
        guard let result, var member = result.pointee.gr_mem else { return false }
        while let name = member.pointee {
            guard let id = userID(name), id == user || id == 0 else { return true }
            member += 1
        }
        return false
    }

    /// `nil` for a name without an account.
    private static func userID(_ name: UnsafePointer<CChar>) -> UInt32? {
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        var record = passwd()
        var result: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &record, &buffer, buffer.count, &result) == 0, let result else { return nil }
        return result.pointee.pw_uid
    }

    /// Whether the group is somebody else's main group.
    private static func isPrimary(_ group: UInt32, otherThan user: UInt32) -> Bool {
        accounts.withLock { _ in
            setpwent()
            defer { endpwent() }
            var buffer = [CChar](repeating: 0, count: 1 << 14)
            var record = passwd()
            var result: UnsafeMutablePointer<passwd>?
            while getpwent_r(&record, &buffer, buffer.count, &result) == 0, let account = result {
                let id = account.pointee.pw_uid
                if account.pointee.pw_gid == group, id != user, id != 0 { return true }
            }
            return false
        }
    }

    /// `getpwent` has one reading position for the process.
    private static let accounts = Mutex<Void>(())
}
