import ArenaCore
import CCurl

/// The transfers under way on the client's thread.
struct TransferTable {
    private let multi: UnsafeMutableRawPointer
    private var byID: [UInt64: Transfer] = [:]
    private var idOfHandle: [UnsafeMutableRawPointer: UInt64] = [:]

    init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    mutating func start(_ id: UInt64, _ request: HTTPRequest, _ target: RequestTarget, _ pipe: TransferPipe) {
        guard let transfer = Transfer(request, target, pipe) else {
            pipe.end(.failure(HTTPClientError(target.description, .unreachable("libcurl has no memory for it"))))
            return
        }
        byID[id] = transfer
        idOfHandle[transfer.easy] = id
        let status = arena_curl_multi_add_handle(multi, transfer.easy)
        if status != CURLM_OK {
            end(id, with: .failure(transfer.error(.unreachable(String(cString: arena_curl_multi_strerror(status))))))
        }
    }

    mutating func cancel(_ id: UInt64) {
        guard let transfer = byID[id] else { return }
        end(id, with: .failure(transfer.error(.cancelled)))
    }

    func resume(_ id: UInt64) { byID[id]?.resume() }

    /// Tells the readers of those that libcurl has ended.
    mutating func takeFinished() {
        var left: Int32 = 0
        var finished: [(UInt64, CURLcode)] = []
        while let message = arena_curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let id = idOfHandle[easy]
            else { continue }
            finished.append((id, arena_curl_result(message)))
        }
        for (id, result) in finished {
            guard let transfer = byID[id] else { continue }
            end(id, with: transfer.outcome(of: result))
        }
    }

    /// Ends those whose time is up.
    ///
    /// - Returns: milliseconds until the next one's is; `nil` when none has a limit.
    mutating func expire(now: UInt64) -> Int64? {
        var next: UInt64?
        var expired: [(UInt64, HTTPClientError)] = []
        for (id, transfer) in byID {
            guard let (deadline, error) = transfer.deadline() else { continue }
            if deadline <= now {
                expired.append((id, error))
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        for (id, error) in expired { end(id, with: .failure(error)) }
        return next.map { Int64(clamping: ($0 - now) / 1_000_000 + 1) }
    }

    mutating func endAll() {
        for id in Array(byID.keys) { cancel(id) }
    }

    private mutating func end(_ id: UInt64, with result: Result<Void, HTTPClientError>) {
        guard let transfer = byID.removeValue(forKey: id) else { return }
        idOfHandle[transfer.easy] = nil
        arena_curl_multi_remove_handle(multi, transfer.easy)
        transfer.pipe.end(result)
    }
}
