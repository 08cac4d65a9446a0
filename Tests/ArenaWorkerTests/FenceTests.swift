import ArenaPluginWire
import ArenaTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct FenceTests {
    @Test(arguments: TestUser.possible)
    func everyFenceStands(user: TestUser) throws {
        let session = try WorkerSession.hostile(as: user)
        for (name, fence) in session.ready.fences.named { #expect(fence == .ok, "\(name)") }
    }

    @Test(arguments: TestUser.possible)
    func filesOutsideOfTheListsAreShut(user: TestUser) throws {
        let home = try TestHome(of: user)
        let before = try home.keyState()
        let session = try WorkerSession.hostile(as: user, secret: home.key) { plugin in
            try .tests(plugin, readWrite: [home.scratch])
        }
        #expect(try session.act("constructor") == "EACCES", "the fences stand before the library is loaded")
        for path in ["/etc/passwd", home.key, "/proc/self/environ", "/proc/self/maps"] {
            #expect(try session.act("read", path) == "EACCES", "\(path)")
        }
        #expect(try session.act("list", home.path) == "EACCES")
        #expect(try session.act("write", home.path + "/new") == "EACCES")
        #expect(try session.act("write", home.scratch + "/../new") == "EACCES")
        #expect(try session.act("unlink", home.key) == "EACCES")
        #expect(try session.act("empty", home.key) == "EACCES")
        for act in ["truncate", "chmod", "setxattr"] { #expect(try session.act(act, home.key) == "EPERM", "\(act)") }
        #expect(try session.act("escape") == "EACCES")
        #expect(try session.act("write", home.scratch + "/new") == "allowed")
        #expect(try home.keyState() == before)
    }

    @Test(arguments: TestUser.possible)
    func processesAreNeitherMadeNorTouched(user: TestUser) throws {
        let session = try WorkerSession.hostile(as: user)
        let refused = [
            "fork", "exec", "ptrace parent", "signal parent", "signal group", "limit parent", "pin parent", "outlive",
            "new session", "namespace",
        ]
        for act in refused { #expect(try session.act(act) == "EPERM", "\(act)") }
        #expect(try session.act("uring") == "ENOSYS")
        #expect(try session.act("thread") == "allowed")
        #expect(try session.act("nothing") == "allowed")
    }

    @Test(arguments: TestUser.possible)
    func thereIsNoNetwork(user: TestUser) throws {
        let session = try WorkerSession.hostile(as: user)
        #expect(try session.act("internet") == "EPERM")
        #expect(try session.act("unix socket") == "EPERM")
        #expect(try session.act("socket pair") == "allowed")
    }

    @Test func grantedNetworkIsTheInternetOnly() throws {
        let session = try WorkerSession.hostile { try .tests($0, emptyNetwork: false) }
        #expect(session.ready.fences.network == .off)
        #expect(session.ready.fences.seccomp == .ok)
        #expect(try session.act("internet") == "allowed")
        #expect(try session.act("unix socket") == "EPERM")
    }

    @Test func nothingIsInherited() throws {
        setenv("ARENA_TEST_SENTINEL", "1", 1)
        let sentinel = open("/etc/hostname", O_RDONLY)
        defer { close(sentinel) }
        let session = try WorkerSession.hostile()
        #expect(try session.act("environment", "ARENA_TEST_SENTINEL") == "ENOENT")
        #expect(try session.act("environment", "PATH") == "allowed")
        let descriptors = try session.act("descriptors").split(separator: " ").compactMap { Int($0) }
        // The streams, the folder of threads, and the socket.
        #expect(descriptors.count == 5 && descriptors.starts(with: [0, 1, 2]), "\(descriptors)")
    }

    @Test func limitsHold() throws {
        let home = try TestHome(of: .current)
        let session = try WorkerSession.hostile { plugin in
            try .tests(
                plugin, readWrite: [home.scratch],
                limits: Hello.Limits(addressSpace: 512 << 20, fileSize: 1 << 20, openFiles: 64))
        }
        #expect(try session.act("big file", home.scratch + "/new") == "EFBIG")
        #expect(try session.act("memory") == "ENOMEM")
    }

    @Test func loopIsEndedByItsLimitOfTime() throws {
        let session = try WorkerSession.hostile { try .tests($0, limits: Hello.Limits(cpuSeconds: 1)) }
        _ = try session.begin(.scorerScore(instance: 1, batch: [1, 0, 0, 0] + spin))
        #expect(Ending(try session.worker.exitStatus()) == .signaled(SIGXCPU))
    }

    /// One item whose output is "spin".
    private let spin: [UInt8] =
        [0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Array("spin".utf8)

    @Test(arguments: ["namespaces", "landlock", "seccomp"])
    func refusedFenceIsReportedAndTheOthersHold(refusal: String) throws {
        let session = try WorkerSession.hostile { try .tests($0, simulateRefusal: [refusal]) }
        let fences = session.ready.fences
        let refused = fences.named.filter { if case .refused = $0.fence { true } else { false } }.map(\.name)
        #expect(refused == [refusal == "namespaces" ? "network" : refusal])
        #expect(try session.act("read", "/etc/passwd") == (refusal == "landlock" ? "allowed" : "EACCES"))
        if refusal != "seccomp" {
            #expect(try session.act("internet") == "EPERM")
            #expect(try session.act("fork") == "EPERM")
        }
    }
}
