import ArenaJobs
import Testing

@Suite struct RetryPolicyTests {
    @Test(arguments: [(1, 1.0), (2, 2.0), (3, 4.0), (9, 256.0), (10, 300.0), (1000, 300.0), (0, 1.0)])
    func pauseDoublesUpToTheLongest(failures: Int, seconds: Double) {
        for seed in UInt64(0)..<100 {
            let pause = RetryPolicy().pause(afterFailure: failures, seed: seed)
            #expect(pause >= .seconds(seconds) && pause <= .seconds(seconds * 1.5))
        }
    }

    @Test func sameSeedGivesTheSamePauseAndOthersDiffer() {
        let policy = RetryPolicy()
        #expect(policy.pause(afterFailure: 2, seed: 7) == policy.pause(afterFailure: 2, seed: 7))
        #expect(Set((0..<20).map { policy.pause(afterFailure: 2, seed: $0) }).count > 15)
    }
}
