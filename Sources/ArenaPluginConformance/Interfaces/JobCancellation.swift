import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire

/// A running job that nobody wants any more, also one that waits for a service which never answers.
struct JobCancellation {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    func verdict() async throws -> Verdict {
        let material = TestMaterial(kind: kind, subject: subject)
        let longest = SchemaSamples(kind.schema, seed: subject.options.seed).longest()
        let payloads = subject.options.documents + [longest].compactMap { $0 } + material.samples.prefix(1)
        for payload in payloads {
            for isSilent in [true, false] {
                // What is late once may be the machine's fault.
                if try await lateness(of: payload, isSilent: isSilent) > 200,
                    case let late = try await lateness(of: payload, isSilent: isSilent), late > 200
                {
                    let where_ = isSilent ? " while a service does not answer" : ""
                    return .fail(
                        isSilent ? "SVC-1" : "CALL-3",
                        "`run` of \(payload.text().prefix(200)) went on for \(late) ms after it was cancelled\(where_)")
                }
            }
        }
        return .pass("")
    }

    /// Milliseconds from the cancellation to the end of the call; 0 for a job that ended before.
    private func lateness(of payload: JSONValue, isSilent: Bool) async throws -> Int64 {
        let child = try await subject.child(for: kind)
        defer { child.kill() }
        let host = JobHost(isSilent: isSilent)
        let start = CallRequest.JobStart(kind: kind.id, jobID: "check", attempt: 1, payload: payload.text())
        let call = Task { () -> UInt64 in
            _ = try? await child.call(.jobRun(start), deadline: nil, listener: host)
            return monotonicNanoseconds()
        }
        try await Task.sleep(for: .milliseconds(60))
        let cancelledAt = monotonicNanoseconds()
        call.cancel()
        let endedAt = await call.value
        return endedAt > cancelledAt ? Int64((endedAt - cancelledAt) / 1_000_000) : 0
    }
}
