import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire

/// What a job kind promises: it judges payloads, estimates, and ends with the same result wherever it was killed.
struct JobKindCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    private var material: TestMaterial { TestMaterial(kind: kind, subject: subject) }

    var checks: [PlannedCheck] {
        [
            InterfaceCheck.check(kind, "validate", "validate says what is wrong, in its form", validate),
            InterfaceCheck.check(kind, "estimate", "estimate gives a plan, in its form", estimate),
            InterfaceCheck.check(kind, "resume", "killed at any commit it ends with the same rows and result", resume),
        ]
    }

    @Sendable private func validate() async throws -> Verdict {
        let bad = SchemaSamples(kind.schema, seed: subject.options.seed).invalid(count: 12)
        for (payload, isGood) in material.documents.map({ ($0, true) }) + bad.map({ ($0, false) }) {
            let child = try await subject.child(for: kind)
            defer { child.kill() }
            do throws(PluginFault) {
                let bytes = try await child.call(
                    .jobValidate(kind: kind.id, payload: payload.text()),
                    deadline: monotonicNanoseconds() + Duration.seconds(1).nanoseconds)
                guard let issues = try? JSONValue(parsing: bytes).array,
                    issues.allSatisfy({ $0["message"]?.string?.isEmpty == false })
                else {
                    return .fail(
                        "JOB-1",
                        "`validate` of \(payload.text()) wrote no array of {\"pointer\", \"message\", \"hint\"}",
                        hint: "Write [] when nothing is wrong, else an object with a message for each issue.")
                }
            } catch {
                if error.code == "plugin.fault" || error.lostChild {
                    if error.lostChild { return .lost(error, given: "`validate` of \(payload.text())") }
                    return .fail("ERR-2", "`validate` of \(payload.text()): \(error.message)")
                }
                // What the schema refuses never comes this far in earnest.
                if isGood {
                    return .fail(
                        "JOB-1", "`validate` failed instead of listing what is wrong with \(payload.text())",
                        hint: "A payload that is wrong is an issue in the list, not a failure of validate.")
                }
            }
        }
        return .pass("")
    }

    @Sendable private func estimate() async throws -> Verdict {
        for payload in material.documents {
            let child = try await subject.child(for: kind)
            defer { child.kill() }
            let bytes: [UInt8]
            do throws(PluginFault) {
                bytes = try await child.call(
                    .jobEstimate(kind: kind.id, payload: payload.text()),
                    deadline: monotonicNanoseconds() + Duration.seconds(2).nanoseconds)
            } catch {
                if error.code == "plugin.fault" { return .fail("ERR-2", error.message) }
                if error.lostChild { return .lost(error, given: "`estimate` of \(payload.text())") }
                continue
            }
            guard !bytes.isEmpty else { return .skip("it makes no estimates") }
            let plan = try? JSONValue(parsing: bytes)
            let isSound =
                plan?.object != nil && plan?["units"].map { $0.int != nil } ?? true
                && plan?["seconds"].map { ($0.double ?? -1) >= 0 } ?? true
                && plan?["cost_usd"].map { ($0.double ?? -1) >= 0 } ?? true
            if !isSound {
                return .fail(
                    "JOB-1",
                    "the estimate of \(payload.text()) is \(String(decoding: bytes.prefix(200), as: UTF8.self))",
                    hint: "Write {\"units\": integer, \"seconds\": number, \"cost_usd\": number}, each optional.")
            }
        }
        return .pass("")
    }

    @Sendable private func resume() async throws -> Verdict {
        guard kind.capabilities.isResumable else { return .skip("the manifest does not declare it resumable") }
        let trial = JobTrial(subject: subject, kind: kind)
        var lots = SplitMix(seed: subject.options.seed)
        var reason = "no payload could be made from the schema"
        var tried = 0
        // The longest first: they commit most.
        for payload in material.documents.reversed() {
            let whole = JobHost()
            guard case .done(let expected) = await trial.run(payload, host: whole, within: .seconds(2)) else {
                reason = "no payload runs to its end with the services that a check has; give one with --payload"
                continue
            }
            guard whole.commits > 0 else {
                reason = "no payload makes it commit"
                continue
            }
            tried += 1
            let commits = Set((0..<3).map { _ in UInt64(1 + lots.below(Int(clamping: whole.commits))) })
            for commit in commits.sorted() {
                let host = JobHost()
                host.kill(at: commit)
                _ = await trial.run(payload, host: host, within: .seconds(2))
                let second = await trial.run(payload, host: host, within: .seconds(4))
                guard case .done(let result) = second, result == expected, host.rows == whole.rows else {
                    var verdict = Verdict.fail(
                        "JOB-1",
                        "\(payload.text()), killed at commit \(commit) of \(whole.commits) and taken up again, "
                            + Self.difference(second, expected, host.rows, whole.rows))
                    verdict.seed = subject.options.seed
                    return verdict
                }
            }
            if tried == 2 { break }
        }
        return tried == 0 ? .skip(reason) : .pass("")
    }

    private static func difference(
        _ outcome: JobTrial.Outcome, _ expected: JSONValue, _ rows: Set<JobHost.Row>, _ expectedRows: Set<JobHost.Row>
    ) -> String {
        switch outcome {
        case .done(let result) where result != expected:
            "gives \(result.text().prefix(120)) instead of \(expected.text().prefix(120))"
        case .done: "leaves \(rows.count) rows, \(rows.symmetricDifference(expectedRows).count) of them other ones"
        case .failed(let failure): "fails: \(failure.message)"
        case .lost(let fault): "does not end: \(fault.message)"
        }
    }
}
