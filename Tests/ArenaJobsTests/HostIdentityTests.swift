import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct HostIdentityTests {
    private static let me = HostIdentity.fake(pid: 1)

    @Test(arguments: [
        (HostIdentity.fake(pid: 7, start: 5), ProcessPresence.present(startTicks: 5), Liveness.alive),
        (.fake(pid: 7, start: 5), .present(startTicks: 6), .dead),
        (.fake(pid: 7, start: 5), .absent, .dead),
        (.fake(pid: 7, start: 5), .unreadable, .notComparable),
        (.fake(boot: "other", pid: 7, start: 5), .absent, .notComparable),
        (.fake(namespace: 2, pid: 7, start: 5), .absent, .notComparable),
        (.fake(namespace: 0, pid: 7, start: 5), .absent, .notComparable),
        (.fake(boot: "", pid: 7, start: 5), .absent, .notComparable),
    ])
    func deadOnlyWhenThatIsSure(host: HostIdentity, presence: ProcessPresence, expected: Liveness) {
        #expect(host.liveness(seenFrom: Self.me, in: StubProcesses([7: presence])) == expected)
    }

    @Test func unknownBootOfTheObserverComparesWithNothing() {
        let blind = HostIdentity.fake(boot: "", namespace: 0, pid: 1)
        #expect(blind.liveness(seenFrom: blind, in: StubProcesses()) == .notComparable)
    }

    @Test func thisProcessIsAlive() {
        let me = HostIdentity.current()
        #expect(!me.bootID.isEmpty && me.pidNamespace != 0)
        #expect(me == HostIdentity.current())
        #expect(me.liveness(seenFrom: me, in: LinuxProcessTable()) == .alive)
        var former = me
        former.process.startTicks -= 1
        #expect(former.liveness(seenFrom: me, in: LinuxProcessTable()) == .dead)
    }

    @Test func numberThatNobodyHasIsAbsent() {
        #expect(LinuxProcessTable().look(up: .max) == .absent)
        #expect(LinuxProcessTable().look(up: 0) == .absent)
        #expect(LinuxProcessTable().look(up: -1) == .absent)
    }
}

@Suite struct ProcessEnderTests {
    /// A process that sleeps, in a group of its own.
    private func startSleeper() throws -> ProcessStamp {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let arguments = [strdup("sleep"), strdup("1000"), nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        try #require(posix_spawn(&pid, "/bin/sleep", nil, &attributes, arguments, nil) == 0)
        guard case .present(let ticks) = LinuxProcessTable().look(up: pid) else {
            throw CancellationError()
        }
        return ProcessStamp(pid: pid, startTicks: ticks)
    }

    /// Takes the exit status of a process that has been killed.
    private func signal(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status & 0x7F
    }

    @Test func endsTheProcessThatIsMeant() async throws {
        let sleeper = try startSleeper()
        #expect(await LinuxProcessEnder().end(sleeper))
        #expect(LinuxProcessTable().look(up: sleeper.pid) == .absent)
        #expect(signal(of: sleeper.pid) == SIGKILL)
        #expect(await LinuxProcessEnder().end(sleeper))
    }

    @Test func leavesALaterProcessOfTheSameNumberAlone() async throws {
        let sleeper = try startSleeper()
        #expect(await LinuxProcessEnder().end(ProcessStamp(pid: sleeper.pid, startTicks: sleeper.startTicks + 1)))
        #expect(LinuxProcessTable().look(up: sleeper.pid) == .present(startTicks: sleeper.startTicks))
        kill(sleeper.pid, SIGKILL)  // another signal may be blocked: the mask is inherited
        #expect(signal(of: sleeper.pid) == SIGKILL)
    }
}
