/// Which process this is, told apart from every earlier and later process of the same number.
///
/// Numbers of processes are used again after a restart, within a container and across machines that share a file. So
/// all four parts count: the boot, the namespace the number belongs to, the number, and when the process began.
package struct HostIdentity: Hashable, Sendable {
    /// The kernel's random id of this boot; empty when it could not be read, and then nothing can be compared.
    package var bootID: String
    /// The inode of the process's pid namespace; 0 when it could not be read.
    package var pidNamespace: UInt64
    /// The process.
    package var process: ProcessStamp

    package init(bootID: String, pidNamespace: UInt64, process: ProcessStamp) {
        self.bootID = bootID
        self.pidNamespace = pidNamespace
        self.process = process
    }
}

/// A process number together with the time at which that process began.
package struct ProcessStamp: Hashable, Sendable {
    package var pid: Int32
    /// In clock ticks since the boot, as in `/proc/<pid>/stat`.
    package var startTicks: UInt64

    package init(pid: Int32, startTicks: UInt64) {
        self.pid = pid
        self.startTicks = startTicks
    }
}
