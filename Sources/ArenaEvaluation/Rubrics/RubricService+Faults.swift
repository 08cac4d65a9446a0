package import ArenaCore
package import ArenaJSON
import ArenaPluginHost

/// A rubric's document that cannot be used.
package struct RubricDocumentFault: Sendable {
    /// Where the user finds it.
    package let file: String
    /// The first thing that is wrong, with file, line and column as far as they are known.
    package let failure: Failure
    /// All that is wrong; at least one.
    package let faults: [RubricFileFault]

    /// `[{file, line, column, message, hint}]`
    package var json: JSONValue {
        .array(
            faults.map { fault in
                var members: JSONObject = ["file": .string(file)]
                for (key, value) in fault.json.object ?? [:] { members[key] = value }
                return .object(members)
            })
    }
}

extension RubricService {
    /// What is wrong with those rubrics of ready plugins that are documents, by their full names: found out once for
    /// each state of the registry, so a document that is mended is good with the next one. Does not wait for a plugin that
    /// hangs.
    package func documentFaults() async -> [String: RubricDocumentFault] {
        let snapshot = await registry.snapshot
        return await examinations.faults(at: snapshot.generation) { await find(in: snapshot) }
    }

    private func find(in snapshot: RegistrySnapshot) async -> [String: RubricDocumentFault] {
        var found: [String: RubricDocumentFault] = [:]
        for plugin in snapshot.ready {
            for kind in plugin.manifest.provides where kind.document != nil {
                let resolved = ResolvedKind(plugin: plugin, kind: kind)
                if let fault = await fault(of: resolved, snapshot) { found[resolved.fullName] = fault }
            }
        }
        return found
    }

    private func fault(of kind: ResolvedKind, _ snapshot: RegistrySnapshot) async -> RubricDocumentFault? {
        do {
            if let reason = kind.kind.unsupportedReason { throw RubricError(kind.kind.id, .refused(reason)) }
            let rubric = try await load(kind)
            var first: Failure?
            var faults: [RubricFileFault] = []
            for check in rubric.checks {
                guard let error = await scorerFault(of: check, in: rubric.id, snapshot) else { continue }
                if first == nil { first = Failure(await at(kind, error, check)) }
                faults.append(
                    RubricFileFault(line: check.line, column: check.column, message: error.message, hint: error.hint))
            }
            return first.map { RubricDocumentFault(file: path(of: kind, snapshot), failure: $0, faults: faults) }
        } catch let error as RubricError {
            if case .noReader = error.reason, snapshot.isPassing { return nil }
            var faults: [RubricFileFault] = []
            if case .unusable = error.reason { faults = await textFaults(of: kind) }
            if faults.isEmpty {
                var bare = error
                bare.place = nil
                faults = [RubricFileFault(line: nil, column: nil, message: bare.message, hint: bare.hint)]
            }
            return RubricDocumentFault(
                file: path(of: kind, snapshot), failure: Failure(error), faults: faults)
        } catch {
            // The reader failed, not the document: its own plugin says so.
            return nil
        }
    }

    /// Everything that its reader finds wrong with a document's text.
    private func textFaults(of kind: ResolvedKind) async -> [RubricFileFault] {
        guard let source = try? await source(of: kind), let found = try? await executor.check(source) else { return [] }
        return found.map(RubricFileFault.init)
    }

    private func scorerFault(
        of check: RubricCheck, in rubric: String, _ snapshot: RegistrySnapshot
    ) async -> RubricError? {
        guard let scorer = check.scorer else { return nil }
        do {
            let kind = try snapshot.resolve(.scorer, scorer)
            try scoring.check(check.config, of: kind)
            try await scoring.create(kind, config: check.config)
            return nil
        } catch {
            // What is still being looked at may be the plugin that is meant.
            if error is UnknownKind, snapshot.isPassing { return nil }
            return RubricError(rubric, .scorer(check: check.name, Failure(error)))
        }
    }
}

extension RegistrySnapshot {
    /// Whether some plugin becomes something else by itself.
    fileprivate var isPassing: Bool { plugins.contains { $0.state.isPassing } }
}

/// Remembers what is wrong with documents, for the newest state of the registry that was asked for.
///
/// Plugins read the documents, and what lists plugins must answer while plugins hang: it waits for them a while only,
/// then says what was known before.
actor RubricExaminations {
    private static let patience: Duration = .seconds(2)

    private var found: [String: RubricDocumentFault] = [:]
    /// The state of the registry that `found` is about.
    private var foundAt: UInt64?
    /// The state that is being looked at, or was last.
    private var begunAt: UInt64?
    private var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter: UInt64 = 0

    func faults(
        at generation: UInt64, _ find: @escaping @Sendable () async -> [String: RubricDocumentFault]
    ) async -> [String: RubricDocumentFault] {
        guard foundAt != generation else { return found }
        if begunAt != generation {
            begunAt = generation
            Task { finish(await find(), at: generation) }
        }
        await waitAWhile()
        return found
    }

    private func finish(_ faults: [String: RubricDocumentFault], at generation: UInt64) {
        guard generation == begunAt else { return }
        (found, foundAt) = (faults, generation)
        for waiter in waiting.keys { goOn(waiter) }
    }

    private func waitAWhile() async {
        lastWaiter += 1
        let waiter = lastWaiter
        let timer = Task {
            try await Task.sleep(for: Self.patience)
            goOn(waiter)
        }
        await withCheckedContinuation { waiting[waiter] = $0 }
        timer.cancel()
    }

    private func goOn(_ waiter: UInt64) { waiting.removeValue(forKey: waiter)?.resume() }
}
