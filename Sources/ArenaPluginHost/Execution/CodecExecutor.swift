import ArenaCore
package import ArenaJSON
package import ArenaPluginABI

/// Runs lane codecs: those of first-party plugins in the host, others in a child that all operations of a codec share.
///
/// A codec that does not return in time is run in a child from then on, which can be ended.
package actor CodecExecutor {
    /// What tells one created codec from another.
    private struct Key: Hashable {
        let sha256: String
        let kind: String
        let config: String
    }

    private let loader: PluginLoader
    private let threads: PluginThreads
    private let scorers: ScorerExecutor
    private let limits: CodecRun.Limits
    private var instances: [Key: any CodecInstance] = [:]
    private var making: [Key: Task<any CodecInstance, any Error>] = [:]
    private var demoted: Set<String> = []
    /// The largest request that an operation may begin with, in bytes.
    private static let requestLimit = 8 << 20

    /// - Parameter scorers: knows which libraries are loaded in the host.
    package init(
        loader: PluginLoader, threads: PluginThreads, scorers: ScorerExecutor,
        limits: CodecRun.Limits = CodecRun.Limits()
    ) {
        self.loader = loader
        self.threads = threads
        self.scorers = scorers
        self.limits = limits
    }

    /// Begins an operation. The caller sends its requests, feeds the answers, and closes it.
    ///
    /// - Parameter config: checked against the kind's schema by the caller.
    package func begin(
        _ operation: CodecOperation, _ request: JSONValue, with kind: ResolvedKind, config: JSONValue
    ) async throws(PluginFault) -> CodecRun {
        let text = request.text()
        guard text.utf8.count <= Self.requestLimit else {
            let failure = Failure(
                code: "lane.request_too_large", category: .resourceExhausted,
                message: "The request has \(text.utf8.count) bytes; at most \(Self.requestLimit) can be sent.")
            throw PluginFault(.failed(.resourceExhausted, failure, retry: false), plugin: kind.plugin.id)
        }
        let key = Key(sha256: kind.plugin.sha256, kind: kind.kind.id, config: config.text(.sorted))
        do throws(PluginFault) {
            let instance = try await instance(key, kind)
            let (request, decoder) = try await instance.begin(operation, text)
            let first: CodecRequest
            do throws(PluginFault) { first = try CodecRequest(request, plugin: kind.plugin.id) } catch {
                await decoder.discard()
                throw error
            }
            return CodecRun(operation, first: first, decoder: decoder, plugin: kind.plugin.id, limits: limits) {
                await self.note($0, key)
            }
        } catch {
            note(error, key)
            throw error
        }
    }

    /// Where a kind's calls run now.
    package func isolation(of kind: ResolvedKind) -> Isolation {
        demoted.contains(kind.plugin.sha256) ? .child : kind.plugin.isolation(of: kind.kind)
    }

    /// Gives every codec back.
    package func stop() async {
        let all = instances.values
        instances = [:]
        for instance in all { await instance.discard() }
    }

    /// After a loss the next operation begins with a new codec; one that hung in the host goes to a child.
    private func note(_ fault: PluginFault, _ key: Key) {
        guard fault.lostChild else { return }
        if instances[key] is HostCodec { demoted.insert(key.sha256) }
        instances[key] = nil
    }

    private func instance(_ key: Key, _ kind: ResolvedKind) async throws(PluginFault) -> any CodecInstance {
        if let instance = instances[key], !instance.isOver { return instance }
        let make = making[key] ?? Task { try await self.make(key, kind) }
        making[key] = make
        defer { making[key] = nil }
        do {
            let instance = try await make.value
            instances[key] = instance
            return instance
        } catch {
            throw error as? PluginFault ?? PluginFault(.cancelled, plugin: kind.plugin.id)
        }
    }

    private func make(_ key: Key, _ kind: ResolvedKind) async throws(PluginFault) -> any CodecInstance {
        guard case .host = isolation(of: kind), let path = kind.plugin.library else {
            return try await ChildCodec(kind, config: key.config, loader: loader, limit: limits.step)
        }
        let library = try await scorers.library(path, plugin: kind.plugin.id)
        return try await HostCodec(kind, config: key.config, library: library, threads: threads, limit: limits.step)
    }
}
