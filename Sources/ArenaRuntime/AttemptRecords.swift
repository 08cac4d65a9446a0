import ArenaCore
import ArenaJSON
import ArenaJSONSchema
import ArenaJobs
import ArenaPluginHost

/// `arena.job/1` of one attempt: checks a plugin's own records against their schema, then hands them to the queue.
struct AttemptRecords: JobRecording {
    let attempt: Attempt
    let plugin: PluginManifest

    func put(recordType: String, key: String, json: String) async throws {
        let value: JSONValue
        do { value = try JSONValue(parsing: json) } catch {
            throw Failure(
                code: "job.invalid_record", category: .invalidArgument,
                message: "Record \(key) of type \(recordType) is no JSON: \(error.message)")
        }
        if let document = plugin.recordTypes.first(where: { $0.name == recordType })?.schema,
            let issue = try JSONSchema(document).validate(value).first
        {
            throw Failure(
                code: "job.invalid_record", category: .invalidArgument,
                message: "Record \(key) does not fit \(recordType) at \(issue.instancePointer): \(issue.message)")
        }
        try await attempt.put(recordType: recordType, key: key, json: value)
    }

    func commit(checkpoint: [UInt8], expected: UInt64) async throws -> UInt64 {
        try await attempt.commit(checkpoint: checkpoint, expected: expected)
    }
}
