package import ArenaCore
import ArenaPluginABI

/// What went wrong while a plugin ran: the child ended, went silent, broke the wire, or the plugin itself failed.
package struct PluginFault: ArenaError, Hashable {
    package enum Kind: Hashable, Sendable {
        /// No child could be started.
        case workerUnavailable(reason: String)
        /// The child refused the library: not loadable, another ABI major, no entry.
        case refused(Failure)
        /// The child ended while it was needed.
        case crashed(ProcessEnd, during: String)
        /// The plugin did not answer in time, or not to a cancellation; its child was ended.
        case unresponsive(during: String, afterMilliseconds: Int64)
        /// The child sent something that the wire does not allow.
        case wireViolation(String)
        /// The plugin returned a status other than OK.
        case failed(StatusCode, Failure, retry: Bool?)
        /// It held more memory than its kind may.
        case outOfMemory(limit: ByteCount)
        /// The caller gave up.
        case cancelled
        /// Repeated crashes: the plugin runs again only after `arena plugin retry`.
        case parked(reason: String)
        /// Every thread of the host's pool is held by calls that never returned.
        case exhausted
    }

    package let kind: Kind
    /// The plugin's id, where there is one.
    package var plugin: String
    /// The last lines that the child printed, for crashes.
    package var output: String

    package init(_ kind: Kind, plugin: String = "", output: String = "") {
        self.kind = kind
        self.plugin = plugin
        self.output = output
    }

    /// The same fault with the plugin's name, where it had none.
    package func naming(_ id: String) -> Self {
        plugin.isEmpty ? Self(kind, plugin: id, output: output) : self
    }

    package var code: String {
        switch kind {
        case .workerUnavailable: "plugin.worker_unavailable"
        case .refused(let failure): failure.code
        case .crashed: "plugin.crashed"
        case .unresponsive: "plugin.unresponsive"
        case .wireViolation: "plugin.wire_violation"
        case .outOfMemory: "plugin.out_of_memory"
        case .failed(_, let failure, _): failure.code
        case .cancelled: "cancelled"
        case .parked: "plugin.parked"
        case .exhausted: "plugin.threads_exhausted"
        }
    }

    package var category: ErrorCategory {
        switch kind {
        case .workerUnavailable, .exhausted: .unavailable
        case .refused(let failure): failure.category
        case .crashed, .wireViolation: .internalError
        case .unresponsive: .deadlineExceeded
        case .failed(_, let failure, _): failure.category
        case .outOfMemory: .resourceExhausted
        case .cancelled: .cancelled
        case .parked: .failedPrecondition
        }
    }

    package var message: String {
        switch kind {
        case .workerUnavailable(let reason): "No child process for plugins could be started: \(reason)"
        case .refused(let failure): failure.message
        case .crashed(let end, let during):
            "Plugin \(plugin): its process \(end.description) during \(during)"
                + (output.isEmpty ? "." : "; it printed: \(output)")
        case .unresponsive(let during, let milliseconds):
            "Plugin \(plugin) did not answer \(during) within \(milliseconds) ms and was ended."
        case .wireViolation(let what): "Plugin \(plugin): its process broke the wire protocol: \(what)"
        case .outOfMemory(let limit): "Plugin \(plugin) held more than \(limit) of memory and was ended."
        case .failed(_, let failure, _): failure.message
        case .cancelled: "The call was cancelled."
        case .parked(let reason): "Plugin \(plugin) is parked: \(reason)"
        case .exhausted: "All threads for plugin calls are held by calls that never returned."
        }
    }

    package var hint: String? {
        switch kind {
        case .workerUnavailable: "Check that arena-worker lies beside the arena executable, then run `arena doctor`."
        case .refused(let failure): failure.hint
        case .crashed, .unresponsive, .wireViolation:
            "This is a fault of the plugin: `arena plugin check` shows it in isolation."
        case .outOfMemory: "If the work needs more, raise `memory_mb` in the capabilities of its kind."
        case .failed(_, let failure, _): failure.hint
        case .cancelled: nil
        case .parked: "Mend or replace the plugin, then run `arena plugin retry \(plugin)`."
        case .exhausted: "Restart arena to free them; `arena plugin list` names the plugin."
        }
    }

    /// Whether the child process was lost with this fault.
    package var lostChild: Bool {
        switch kind {
        case .crashed, .unresponsive, .wireViolation, .workerUnavailable, .outOfMemory: true
        case .refused, .failed, .cancelled, .parked, .exhausted: false
        }
    }
}

extension PluginFault {
    /// What a plugin's own failure becomes.
    init(_ failure: CallFailure, plugin: String) {
        self.init(.failed(failure.status, Failure(failure), retry: failure.retry), plugin: plugin)
    }

    /// What a refusal of the host's threads becomes.
    init(_ refusal: PluginThreads.Refusal, plugin: String, after limit: Duration) {
        let kind: Kind =
            switch refusal {
            case .deadline(startedRunning: true):
                .unresponsive(during: "a call in the host", afterMilliseconds: limit.milliseconds)
            case .deadline(startedRunning: false), .full, .exhausted: .exhausted
            case .cancelled: .cancelled
            }
        self.init(kind, plugin: plugin)
    }
}
