import ArenaCore
package import ArenaJSON
package import ArenaStore
import Synchronization

extension Attempt {
    /// Adds a row to the next commit: `arena.job/1` put.
    ///
    /// - Parameters:
    ///   - recordType: One of the host's, or one that the plugin's manifest declares. The caller has checked a record of
    ///     the plugin's own against its schema.
    ///   - key: Unique per job and type, 1 to 256 bytes.
    ///   - json: An object of at most 1 MiB (``CommitLimits``).
    /// - Throws: ALREADY_EXISTS for a key that was put before, in any attempt; RESOURCE_EXHAUSTED when one commit would
    ///   hold too much; INVALID_ARGUMENT; PERMISSION_DENIED for an undeclared type and for a row of another job;
    ///   ABORTED when the lease is lost.
    package func put(recordType: String, key: String, json: JSONValue) async throws(JobsError) {
        try checkHeld()
        guard SealedRow.hostTypes.contains(recordType) || kind.recordTypes.contains(recordType) else {
            throw JobsError(
                code: "job.unknown_record_type", category: .permissionDenied,
                message: "Plugin \(kind.plugin.id) does not declare the record type \(recordType).",
                hint: "Add it to `record_types` in the plugin's manifest.")
        }
        guard (1...limits.keyBytes).contains(key.utf8.count) else {
            throw JobsError(
                code: "job.invalid_record", category: .invalidArgument,
                message: "A record's key has 1 to \(limits.keyBytes) bytes; this one has \(key.utf8.count).")
        }
        let size = json.bytes().count
        guard size <= limits.row.bytes else {
            throw JobsError(
                code: "job.invalid_record", category: .invalidArgument,
                message: "A record has at most \(limits.row); this one has \(size) bytes.")
        }
        let row = try reading { () throws(StoreError) in
            try SealedRow(recordType: recordType, key: key, json: json, pluginID: kind.plugin.id)
        }
        try await add(row, bytes: size)
    }

    /// Adds a finished file to the next commit: `arena.artifacts/1` finish.
    ///
    /// - Throws: as ``put(recordType:key:json:)``.
    package func put(_ artifact: ArtifactRecord) async throws(JobsError) {
        try checkHeld()
        try await add(.artifact(artifact), bytes: artifact.name.utf8.count + artifact.path.utf8.count)
    }

    /// Seals the rows that were put since the last commit together with a checkpoint: `arena.job/1` commit.
    ///
    /// When it throws, the rows wait for the next commit.
    ///
    /// - Parameters:
    ///   - checkpoint: At most 1 MiB.
    ///   - expected: The number of commits sealed so far.
    /// - Returns: the number of commits sealed now.
    /// - Throws: ABORTED when `expected` is wrong or the lease is lost; the store's error when it could not write.
    package func commit(checkpoint: [UInt8], expected: UInt64) async throws(JobsError) -> UInt64 {
        try checkHeld()
        guard checkpoint.count <= limits.checkpoint.bytes else {
            throw JobsError(
                code: "job.checkpoint_too_large", category: .invalidArgument,
                message: "A checkpoint has at most \(limits.checkpoint); this one has \(checkpoint.count) bytes.")
        }
        while true {
            let rows = state.withLock { $0.records.takeForSealing() }
            switch try await seal(rows, checkpoint, expected) {
            case .sealed(let count):
                state.withLock { $0.records.sealed(rows) }
                return count
            case .sequenceMismatch(let sealed):
                state.withLock { $0.records.putBack(rows) }
                throw JobsError(
                    code: "job.commit_out_of_order", category: .conflict,
                    message: "\(sealed) commits are sealed; this one expected \(expected).", status: .aborted)
            case .refused(let recordType, let key, let presence):
                state.withLock { state in
                    state.records.putBack(rows)
                    state.records.drop(recordType: recordType, key: key)
                }
                guard presence == .sealed else { throw .foreignRecord(recordType) }
            case .leaseLost:
                throw lostLease()
            }
        }
    }

    private func seal(
        _ rows: [SealedRow], _ checkpoint: [UInt8], _ expected: UInt64
    ) async throws(JobsError) -> SealOutcome {
        do {
            return try await store.seal(
                rows, checkpoint: checkpoint, pluginSHA256: kind.plugin.sha256, expected: expected, for: lease)
        } catch {
            state.withLock { $0.records.putBack(rows) }
            throw JobsError(error)
        }
    }

    private func add(_ row: SealedRow, bytes: Int) async throws(JobsError) {
        let presence = try await storing { () async throws(StoreError) in
            try await store.presence(of: row, jobID: lease.jobID)
        }
        switch presence {
        case .absent: break
        case .sealed: throw .duplicateRecord(row)
        case .foreign: throw .foreignRecord(row.recordType)
        }
        let result = state.withLock { state in
            Result { () throws(JobsError) in
                guard !state.isClosed else { throw .leaseLost(lease.jobID) }
                try state.records.add(row, bytes: bytes)
            }
        }
        try result.get()
    }

    private func reading<T>(_ body: () throws(StoreError) -> T) throws(JobsError) -> T {
        do {
            return try body()
        } catch {
            throw JobsError(error)
        }
    }
}

extension JobsError {
    fileprivate static func foreignRecord(_ recordType: String) -> Self {
        Self(
            code: "job.foreign_record", category: .permissionDenied,
            message: "A record of type \(recordType) names a run that another job made.",
            hint: "Make a new id for each job.")
    }
}
