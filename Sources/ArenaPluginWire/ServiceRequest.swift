/// What a plugin in a child asks of a service of the host. Every value comes from the plugin: the host checks it.
///
/// Texts named `json`, `request`, `config` and `params` are JSON as the plugin wrote it, not yet parsed. What the
/// answer of each holds is said at ``ReplyMessage``.
package enum ServiceRequest: Hashable, Sendable {
    case jobPut(type: String, key: String, json: String)
    case jobCommit(checkpoint: [UInt8], expected: UInt64)
    case lanesSubmit(tag: UInt64, request: String)
    case lanesNext(timeoutNanoseconds: UInt64)
    case lanesAbort(tag: UInt64)
    /// `batch`: the bytes of a `ScoreBatch`.
    case scoringSubmit(tag: UInt64, scorer: String, config: String, batch: [UInt8])
    case scoringNext(timeoutNanoseconds: UInt64)
    case scoringAbort(tag: UInt64)
    case viewsPage(name: String, params: String, cursor: String, limit: UInt32)
    case artifactsCreate(name: String, mediaType: String)
    case artifactsWrite(artifact: UInt64, bytes: [UInt8])
    case artifactsFinish(artifact: UInt64)
    case artifactsDiscard(artifact: UInt64)
    case kvGet(key: String)
    case kvPut(key: String, value: [UInt8])
    case kvRemove(key: String)
    case kvKeys(prefix: String, after: String)
    case clockUnixMilliseconds
    case exportTables
    case exportOpen(table: String)
    case exportNext(cursor: UInt64, maxRows: UInt32)
    case exportCreate(name: String, mediaType: String)
    case exportFinish(file: UInt64, rows: UInt64)
    case httpSubmit(tag: UInt64, request: String)
    case httpNext(timeoutNanoseconds: UInt64)
    case httpAbort(tag: UInt64)

    package var method: ServiceMethod {
        switch self {
        case .jobPut: .jobPut
        case .jobCommit: .jobCommit
        case .lanesSubmit: .lanesSubmit
        case .lanesNext: .lanesNext
        case .lanesAbort: .lanesAbort
        case .scoringSubmit: .scoringSubmit
        case .scoringNext: .scoringNext
        case .scoringAbort: .scoringAbort
        case .viewsPage: .viewsPage
        case .artifactsCreate: .artifactsCreate
        case .artifactsWrite: .artifactsWrite
        case .artifactsFinish: .artifactsFinish
        case .artifactsDiscard: .artifactsDiscard
        case .kvGet: .kvGet
        case .kvPut: .kvPut
        case .kvRemove: .kvRemove
        case .kvKeys: .kvKeys
        case .clockUnixMilliseconds: .clockUnixMilliseconds
        case .exportTables: .exportTables
        case .exportOpen: .exportOpen
        case .exportNext: .exportNext
        case .exportCreate: .exportCreate
        case .exportFinish: .exportFinish
        case .httpSubmit: .httpSubmit
        case .httpNext: .httpNext
        case .httpAbort: .httpAbort
        }
    }
}

extension ServiceRequest {
    /// The size of the one field that can be large.
    var largestField: Int {
        switch self {
        case .jobPut(_, _, let json): json.utf8.count
        case .lanesSubmit(_, let request), .httpSubmit(_, let request): request.utf8.count
        case .scoringSubmit(_, _, _, let bytes), .artifactsWrite(_, let bytes), .kvPut(_, let bytes),
            .jobCommit(let bytes, _):
            bytes.count
        default: 256
        }
    }

    func write(to writer: inout FieldWriter) {
        switch self {
        case .jobPut(let type, let key, let json):
            writer.text(type)
            writer.text(key)
            writer.text(json)
        case .jobCommit(let checkpoint, let expected):
            writer.data(checkpoint)
            writer.u64(expected)
        case .lanesSubmit(let tag, let request), .httpSubmit(let tag, let request):
            writer.u64(tag)
            writer.text(request)
        case .scoringSubmit(let tag, let scorer, let config, let batch):
            writer.u64(tag)
            writer.text(scorer)
            writer.text(config)
            writer.data(batch)
        case .lanesNext(let number), .scoringNext(let number), .lanesAbort(let number), .scoringAbort(let number),
            .artifactsFinish(let number), .artifactsDiscard(let number), .httpNext(let number), .httpAbort(let number):
            writer.u64(number)
        case .viewsPage(let name, let params, let cursor, let limit):
            writer.text(name)
            writer.text(params)
            writer.text(cursor)
            writer.u32(limit)
        case .artifactsCreate(let first, let second), .kvKeys(let first, let second),
            .exportCreate(let first, let second):
            writer.text(first)
            writer.text(second)
        case .artifactsWrite(let artifact, let bytes):
            writer.u64(artifact)
            writer.data(bytes)
        case .kvPut(let key, let value):
            writer.text(key)
            writer.data(value)
        case .kvGet(let key), .kvRemove(let key):
            writer.text(key)
        case .exportOpen(let table):
            writer.text(table)
        case .exportNext(let cursor, let maxRows):
            writer.u64(cursor)
            writer.u32(maxRows)
        case .exportFinish(let file, let rows):
            writer.u64(file)
            writer.u64(rows)
        case .clockUnixMilliseconds, .exportTables:
            break
        }
    }

    init(_ method: ServiceMethod, from reader: inout FieldReader) throws(WireError) {
        switch method {
        case .jobPut: self = .jobPut(type: try reader.text(), key: try reader.text(), json: try reader.text())
        case .jobCommit: self = .jobCommit(checkpoint: try reader.data(), expected: try reader.u64())
        case .lanesSubmit: self = .lanesSubmit(tag: try reader.u64(), request: try reader.text())
        case .lanesNext: self = .lanesNext(timeoutNanoseconds: try reader.u64())
        case .lanesAbort: self = .lanesAbort(tag: try reader.u64())
        case .scoringSubmit:
            self = .scoringSubmit(
                tag: try reader.u64(), scorer: try reader.text(), config: try reader.text(), batch: try reader.data())
        case .scoringNext: self = .scoringNext(timeoutNanoseconds: try reader.u64())
        case .scoringAbort: self = .scoringAbort(tag: try reader.u64())
        case .viewsPage:
            self = .viewsPage(
                name: try reader.text(), params: try reader.text(), cursor: try reader.text(), limit: try reader.u32())
        case .artifactsCreate: self = .artifactsCreate(name: try reader.text(), mediaType: try reader.text())
        case .artifactsWrite: self = .artifactsWrite(artifact: try reader.u64(), bytes: try reader.data())
        case .artifactsFinish: self = .artifactsFinish(artifact: try reader.u64())
        case .artifactsDiscard: self = .artifactsDiscard(artifact: try reader.u64())
        case .kvGet: self = .kvGet(key: try reader.text())
        case .kvPut: self = .kvPut(key: try reader.text(), value: try reader.data())
        case .kvRemove: self = .kvRemove(key: try reader.text())
        case .kvKeys: self = .kvKeys(prefix: try reader.text(), after: try reader.text())
        case .clockUnixMilliseconds: self = .clockUnixMilliseconds
        case .exportTables: self = .exportTables
        case .exportOpen: self = .exportOpen(table: try reader.text())
        case .exportNext: self = .exportNext(cursor: try reader.u64(), maxRows: try reader.u32())
        case .exportCreate: self = .exportCreate(name: try reader.text(), mediaType: try reader.text())
        case .exportFinish: self = .exportFinish(file: try reader.u64(), rows: try reader.u64())
        case .httpSubmit: self = .httpSubmit(tag: try reader.u64(), request: try reader.text())
        case .httpNext: self = .httpNext(timeoutNanoseconds: try reader.u64())
        case .httpAbort: self = .httpAbort(tag: try reader.u64())
        }
    }
}
