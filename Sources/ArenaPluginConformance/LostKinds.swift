/// What a check no longer asks of a plugin, because the answer is known: it crashes, hangs or cannot be loaded.
///
/// One cause is said once. The checks that would only meet it again are skipped and name it.
struct LostKinds {
    /// Once may be the machine's fault.
    private static let mostLosses = 2

    private var unloadable: String?
    private var losses: [String: Int] = [:]
    private var causes: [String: String] = [:]

    /// Why `check` is not made; `nil`: it is.
    func reason(toSkip check: PlannedCheck) -> String? {
        guard check.group != .static else { return nil }
        if let unloadable { return unloadable }
        if let kind = check.kind { return causes[kind] }
        // These make every kind work.
        guard LoadCheck.worksEverything(check.id) else { return nil }
        return causes.sorted { $0.key < $1.key }.first?.value
    }

    mutating func note(_ result: CheckResult, of check: PlannedCheck) {
        if LoadCheck.isFatal(result) { unloadable = "it cannot be loaded or started: see \(result.id)" }
        guard let kind = check.kind, let loss = result.verdict.loss else { return }
        losses[kind, default: 0] += 1
        let isPlain = LoadCheck.isPlain(check.id)
        switch loss {
        case .crash where isPlain: causes[kind] = "\(check.subject) crashes on plain input: see \(check.id)"
        case .hang where isPlain: causes[kind] = "\(check.subject) does not answer plain input: see \(check.id)"
        case _ where losses[kind, default: 0] >= Self.mostLosses:
            causes[kind] = "\(check.subject) crashed or did not answer in \(Self.mostLosses) checks: see \(check.id)"
        default: break
        }
    }
}
