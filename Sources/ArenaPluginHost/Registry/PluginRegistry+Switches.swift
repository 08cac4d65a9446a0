import ArenaCore

/// What the user decides about a plugin.
extension PluginRegistry {
    /// Grants a plugin what it asks for now.
    ///
    /// - Parameter isolation: ``Isolation/host`` only when the user said so.
    package func trust(_ name: String, isolation: Isolation = .child) async throws {
        let status = try await settled(name)
        guard let manifest = status.manifest, let content = status.content else {
            var failure = status.failure ?? Failure(PluginError(.manifestMissing, "\(name) has no manifest to grant."))
            // Who grants is not to blame for what is wrong with the files.
            if failure.category == .invalidArgument { failure.category = .failedPrecondition }
            throw failure
        }
        // Of two with one id the one that runs needs no grant; who asks for one means the other.
        if case .ready = status.state, let other = snapshot.plugins.first(where: { $0.takenID == name }),
            let failure = other.failure
        {
            throw failure
        }
        let now = clock.now()
        try await change { lock in
            _ = lock.grant(manifest, content, isolation: isolation, at: now)
            lock.enable(manifest.id)
        }
        await refresh()
    }

    /// Switches a plugin off until it is trusted again.
    package func disable(_ name: String) async throws {
        let id = try find(name).manifest?.id ?? name
        let now = clock.now()
        try await change { $0.disable(id, at: now) }
        await refresh()
    }

    /// Forgets that a plugin was broken or crashed, and tries it again.
    package func retry(_ name: String) async throws {
        let status = try find(name)
        if let sha256 = status.sha256 {
            let verdicts = verdicts
            try await block { verdicts.forget(sha256) }
            await scorers.forgive(sha256)
            await rubrics?.forgive(sha256)
        }
        await refresh()
    }

    /// How a plugin stands once its files are quiet: it may have been copied a moment ago.
    private func settled(_ name: String) async throws -> PluginStatus {
        for _ in 0..<Self.mostLooks where try find(name).state.isPassing {
            try await Task.sleep(for: Self.pause)
            await refresh()
        }
        return try find(name)
    }

    /// The plugin of that name.
    ///
    /// - Throws: `plugin.unknown`.
    package func find(_ name: String) throws -> PluginStatus {
        if let status = snapshot.plugin(name) { return status }
        let names = snapshot.plugins.map(\.name).joined(separator: ", ")
        throw Failure(
            code: "plugin.unknown", category: .notFound, message: "There is no plugin \"\(name)\".",
            hint: names.isEmpty ? "No plugin was found: see `arena doctor`." : "There are: \(names).")
    }

    private func change(_ body: @escaping @Sendable (inout PluginLock) -> Void) async throws {
        let grants = grants
        try await block { Result { () throws(PluginError) in try grants.update { body(&$0) } } }.get()
    }
}
