import ArenaCore
import ArenaJSON
import ArenaPluginABI
package import ArenaPluginHost

/// Finds rubrics, whether they are code or documents, and sees that they can be used.
package struct RubricService: Sendable {
    let registry: PluginRegistry
    let executor: RubricExecutor
    let scoring: ScoringService
    private let threads: PluginThreads
    let examinations = RubricExaminations()

    package init(
        registry: PluginRegistry, executor: RubricExecutor, scoring: ScoringService, threads: PluginThreads
    ) {
        self.registry = registry
        self.executor = executor
        self.scoring = scoring
        self.threads = threads
    }

    /// A rubric by short or full name, loaded, with every scorer that it can ask for looked up.
    ///
    /// - Throws: ``UnknownKind``, ``RubricError``, ``PluginFault``: nothing was scored yet.
    package func rubric(_ name: String) async throws -> PreparedRubric {
        let rubric = try await load(try await registry.resolve(.rubric, name))
        for check in rubric.checks {
            if let error = await scorerFault(of: check, in: rubric.id) {
                throw await at(rubric.kind, error, check)
            }
        }
        return rubric
    }

    /// What is wrong with the scorer of a check; `nil`: nothing, or it needs none.
    func scorerFault(of check: RubricCheck, in rubric: String) async -> RubricError? {
        guard let scorer = check.scorer else { return nil }
        do {
            try await scoring.create(try await scoring.scorer(scorer, config: check.config), config: check.config)
            return nil
        } catch {
            return RubricError(rubric, .scorer(check: check.name, Failure(error)))
        }
    }

    /// The rubric of a kind, without its scorers.
    func load(_ kind: ResolvedKind) async throws -> PreparedRubric {
        guard kind.kind.reads.isEmpty else {
            throw RubricError(kind.fullName, .isReader(kind.kind.reads.joined(separator: ", ")))
        }
        let source = try await source(of: kind)
        let document: JSONValue
        do { document = try await executor.describe(source) } catch {
            guard kind.kind.document != nil, case .failed(_, let failure, _) = error.kind else { throw error }
            throw await at(kind, RubricError(kind.kind.id, .unusable(failure)))
        }
        if kind.kind.document != nil, let id = document["id"]?.string, id != kind.kind.id {
            throw await at(kind, RubricError(kind.kind.id, .otherID(id)))
        }
        return try PreparedRubric(kind, source, document)
    }

    func source(of kind: ResolvedKind) async throws -> RubricSource {
        guard let path = kind.kind.document else { return RubricSource(runner: kind, document: []) }
        let bytes = try await threads.call(within: .seconds(10)) { _ in
            Result { () throws(PluginError) in try RubricSource.document(path, of: kind.plugin) }
        }.get()
        return RubricSource(runner: try await reader(of: path, rubric: kind.kind.id), document: bytes)
    }

    /// Who reads a document of this name.
    func reader(of document: String, rubric: String) async throws -> ResolvedKind {
        if let reader = await registry.snapshot.reader(of: document) { return reader }
        throw RubricError(rubric, .noReader(document))
    }

    /// The error with the file that it speaks of, where the user can find it.
    func at(_ kind: ResolvedKind, _ error: RubricError, _ check: RubricCheck? = nil) async -> RubricError {
        var error = error
        guard kind.kind.document != nil else { return error }
        var place = path(of: kind, await registry.snapshot)
        if let line = check?.line, let column = check?.column { place += ", line \(line), column \(column)" }
        error.place = place
        return error
    }

    /// Where the user finds a rubric's document, or its plugin.
    func path(of kind: ResolvedKind, _ snapshot: RegistrySnapshot) -> String {
        let folder = snapshot.plugin(kind.plugin.id)?.location.path ?? kind.plugin.folder
        return kind.kind.document.map { "\(folder)/\($0)" } ?? folder
    }
}
