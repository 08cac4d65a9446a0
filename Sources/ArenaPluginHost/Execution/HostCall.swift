import ArenaCore
import ArenaPluginABI

/// A call into a plugin in the host's own process, on the host's plugin threads.
enum HostCall {
    /// - Throws: what `body` does; a fault for a call that misses its deadline, whose thread is then lost.
    static func run<Value: Sendable>(
        _ threads: PluginThreads, within limit: Duration, plugin: String,
        _ body: @escaping @Sendable (CallContext) -> Result<Value, PluginFault>
    ) async throws(PluginFault) -> Value {
        do {
            return try await threads.call(within: limit) { call in
                body(CallContext(deadlineNanoseconds: call.deadline, observer: Observer(call: call)))
            }.get()
        } catch let fault as PluginFault {
            throw fault
        } catch {
            throw PluginFault(error as? PluginThreads.Refusal ?? .cancelled, plugin: plugin, after: limit)
        }
    }

    /// The library in this process; it is never unloaded. dlopen runs constructors, so on a plugin thread.
    static func load(
        _ path: String, plugin: String, on threads: PluginThreads
    ) async throws(PluginFault) -> PluginLibrary {
        try await run(threads, within: .seconds(5), plugin: plugin) { _ in
            Result { () throws(PluginFault) in
                do throws(PluginABIError) { return try PluginLibrary(path: path) } catch {
                    throw PluginFault(.refused(Failure(error)), plugin: plugin)
                }
            }
        }
    }

    /// It polls for cancellation, and nobody listens to its progress.
    private struct Observer: CallObserver {
        let call: PluginThreads.Call

        var isCancelled: Bool { call.isCancelled }
        func progress(done: UInt64, total: UInt64, phase: String, fields: String) {}
        func log(_ level: PluginLogLevel, _ message: String, fields: String) {}
    }
}
