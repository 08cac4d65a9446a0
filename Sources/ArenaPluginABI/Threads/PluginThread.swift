import CLinux

/// Threads that plugin code runs on: never those of Swift's cooperative pool.
package enum PluginThread {
    /// 1 MiB: address space, touched only as deep as the plugin goes.
    package static let defaultStack = 1 << 20

    /// Starts a detached thread with all signals blocked.
    ///
    /// - Parameters:
    ///   - name: What tools show, cut at 15 bytes.
    ///   - stackBytes: At least 64 KiB.
    /// - Returns: 0, or the errno of a thread that could not be started: then `body` never runs.
    package static func start(
        _ name: String, stackBytes: Int = defaultStack, _ body: @escaping @Sendable () -> Void
    ) -> Int32 {
        let start = Unmanaged.passRetained(Start(body: body))
        let error = arena_linux_thread_start(
            name, UInt64(stackBytes),
            { context in
                guard let context else { return }
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
            }, start.toOpaque())
        if error != 0 { start.release() }
        return error
    }

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
