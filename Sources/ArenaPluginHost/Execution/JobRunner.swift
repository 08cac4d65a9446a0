import ArenaCore
package import ArenaJSON
package import ArenaPluginWire

/// Runs job kinds: each attempt in a child of its own, and validation in children that wait for more of it.
package struct JobRunner: Sendable {
    private let loader: PluginLoader
    private let validators: ValidatorChildren

    package init(loader: PluginLoader) {
        self.loader = loader
        validators = ValidatorChildren(loader: loader)
    }

    /// Ends the children that wait to validate.
    package func stop() async { await validators.stop() }

    /// What is wrong with a payload that the schema cannot see; empty: nothing.
    ///
    /// - Throws: ``PluginFault`` when the plugin could not be asked within its second.
    package func validate(_ payload: JSONValue, with kind: ResolvedKind) async throws -> [JSONValue] {
        let child = try await validators.take(for: kind)
        do {
            let bytes = try await child.call(
                .jobValidate(kind: kind.kind.id, payload: payload.text()),
                deadline: monotonicNanoseconds() + Duration.seconds(1).nanoseconds)
            let problems = try bytes.isEmpty ? [] : JSONValue(parsing: bytes).array ?? []
            await validators.keep(child, for: kind)
            return problems
        } catch {
            child.dismiss()
            throw error
        }
    }

    /// Runs one attempt to its end and returns the job's result.
    ///
    /// - Parameters:
    ///   - deadline: CLOCK_MONOTONIC in nanoseconds; `nil`: none.
    ///   - onStart: told the child's process id before any code of the plugin runs in it.
    ///   - onPrint: each line that the plugin prints.
    /// - Throws: ``PluginFault``. Cancelling the task cancels the job: cooperatively, then by ending the child.
    package func run(
        _ start: CallRequest.JobStart, with kind: ResolvedKind, seed: UInt64, deadline: UInt64?,
        session: ServiceSession, onStart: @escaping @Sendable (Int32) async throws -> Void,
        onPrint: @escaping @Sendable (String) -> Void
    ) async throws -> JSONValue {
        let child = try await loader.launcher.take()
        child.onPrint(onPrint)
        do {
            try await onStart(child.process.pid)
            try await loader.load(kind, into: child, seed: seed)
            let bytes = try await child.call(.jobRun(start), deadline: deadline, listener: session)
            child.dismiss()
            guard let result = try? JSONValue(parsing: bytes), result.object != nil else {
                let failure = Failure(
                    code: "plugin.bad_result", category: .internalError,
                    message: "Job kind \(kind.fullName) wrote a result that is no JSON object.",
                    hint: "This is a fault of the plugin: `arena plugin check` shows it.")
                throw PluginFault(.failed(.internalError, failure, retry: false), plugin: kind.plugin.id)
            }
            return result
        } catch {
            child.kill()
            if let fault = error as? PluginFault { throw fault.naming(kind.plugin.id) }
            throw error
        }
    }
}
