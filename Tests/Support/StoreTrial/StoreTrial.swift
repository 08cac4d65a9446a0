import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import Glibc

/// What tests do to a store in a process of its own, since it concerns the whole process or needs several.
///
///     store-trial work FILE JOBS SEED      takes jobs and ends them, beside others that do the same
///     store-trial faults FOLDER EVERY SEED a fixed history, interrupted by a fault of the disk at every EVERYth operation
///     store-trial full FOLDER              a dispatcher on a disk that fills up; FOLDER is a small file system
///
/// Each prints one JSON document and ends with 0, whatever it found: its reader judges.
@main
struct StoreTrial {
    static func main() async {
        do {
            print(try await answer(Array(CommandLine.arguments.dropFirst())).text())
        } catch {
            print((["error": Failure(error).json] as JSONValue).text())
            exit(1)
        }
    }

    private static func answer(_ arguments: [String]) async throws -> JSONValue {
        switch (arguments.first, arguments.count) {
        case ("work", 4):
            return try await Claimant(
                path: arguments[1], jobs: Int(arguments[2]) ?? 0, seed: UInt64(arguments[3]) ?? 0
            ).work()
        case ("faults", 4):
            return try await FaultTrial(
                folder: arguments[1], every: UInt64(arguments[2]) ?? 1, seed: UInt64(arguments[3]) ?? 0
            ).run()
        case ("full", 2):
            return try await FullDiskTrial(folder: arguments[1]).run()
        default:
            throw Failure(code: "usage", category: .invalidArgument, message: "work FILE JOBS SEED | faults … | full …")
        }
    }
}

extension HostIdentity {
    /// What a claim says of its host where nobody looks it up.
    static let trial = HostIdentity(
        bootID: "trial", pidNamespace: 1, process: ProcessStamp(pid: getpid(), startTicks: 1))
}

/// SplitMix64 (Steele, Lea and Flood).
struct TrialRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
