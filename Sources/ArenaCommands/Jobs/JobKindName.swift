import ArenaCore
import ArenaPluginHost
import ArenaRuntime
import ArenaStore

/// A kind of job as a person names it.
enum JobKindName {
    /// The full name: of a kind of which there are jobs, also when no plugin provides it any more, else of one that a
    /// plugin provides.
    ///
    /// - Throws: `kind.unknown`, with the name that was probably meant; `cli.bad_option` for a short name that several
    ///   kinds have.
    static func resolve(_ name: String, _ runtime: ArenaRuntime) async throws -> String {
        let known = try await runtime.store.knownKinds()
        if known.contains(name) { return name }
        let found = known.filter { $0.hasSuffix("/\(name)") }
        if found.count == 1, let only = found.first { return only }
        await runtime.registry.refresh()
        do {
            return try await runtime.registry.resolve(.jobKind, name).fullName
        } catch {
            guard found.isEmpty else {
                throw Failure.badOption(
                    "Several kinds are called \"\(name)\".", hint: "They are: \(found.joined(separator: ", ")).")
            }
            guard error.claimant == nil else { throw error }
            let near = Spelling.nearest(to: name, among: error.known + known)
            throw Failure(
                code: error.code, category: error.category, message: error.message,
                hint: near.map { "Did you mean \($0)?" } ?? error.hint)
        }
    }

    static func resolve(_ name: String?, _ runtime: ArenaRuntime) async throws -> String? {
        guard let name else { return nil }
        return try await resolve(name, runtime) as String
    }
}
