import CCurl
import Glibc

// What libcurl calls on the client's thread. The context is the transfer, which outlives its handle.
extension Transfer {
    func installCallbacks() {
        let this = Unmanaged.passUnretained(self).toOpaque()
        _ = arena_curl_set_receive(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let transfer = Transfer.of(context) else { return 0 }
            return transfer.received(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = arena_curl_set_pointer(easy, CURLOPT_HEADERDATA, this)
        _ = arena_curl_set_receive(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let transfer = Transfer.of(context) else { return 0 }
            return transfer.received(piece: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = arena_curl_set_pointer(easy, CURLOPT_WRITEDATA, this)
        _ = arena_curl_set_open_socket(easy) { context, _, address in
            guard let address, let transfer = Transfer.of(context) else { return arena_curl_no_socket() }
            return transfer.openSocket(for: &address.pointee)
        }
        _ = arena_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, this)
        _ = arena_curl_set_before_request(easy) { context, address, _, _, _ in
            guard let address, let transfer = Transfer.of(context) else { return CURL_PREREQFUNC_ABORT }
            return transfer.connected(to: String(cString: address))
        }
        _ = arena_curl_set_pointer(easy, CURLOPT_PREREQDATA, this)
        _ = arena_curl_set_progress(easy) { context, _, _, _, sent in
            Transfer.of(context)?.noteProgress(sent: sent)
            return 0
        }
        _ = arena_curl_set_pointer(easy, CURLOPT_XFERINFODATA, this)
        _ = arena_curl_set_long(easy, CURLOPT_NOPROGRESS, 0)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func received(headerLine line: UnsafeRawBufferPointer) -> Int {
        noteActivity()
        do {
            if let head = try header.take(line) { pipe.deliver(head) }
            return line.count
        } catch {
            ownReason = .badAnswer(error.what)
            return 0
        }
    }

    private func received(piece: UnsafeRawBufferPointer) -> Int {
        noteActivity()
        if let maxBodyBytes, receivedBytes + piece.count > maxBodyBytes {
            ownReason = .tooLarge(limit: maxBodyBytes)
            return 0
        }
        guard pipe.offer(piece) else { return arena_curl_pause() }
        receivedBytes += piece.count
        return piece.count
    }

    /// Opens a socket if the rule allows the address that was resolved.
    private func openSocket(for address: inout curl_sockaddr) -> curl_socket_t {
        let (family, type, proto) = (address.family, address.socktype, address.protocol)
        let length = Int(address.addrlen)
        let ip = withUnsafePointer(to: &address.addr) { IPAddress($0, length: length) }
        guard let ip else {
            refusedAddress = ("an address of an unknown family", "no IP address")
            return arena_curl_no_socket()
        }
        if let reason = addresses.refusal(of: ip) {
            refusedAddress = (ip.description, reason)
            return arena_curl_no_socket()
        }
        triedAddress = ip.bytes.count == 4 ? "\(ip):\(target.port)" : "[\(ip)]:\(target.port)"
        return socket(family, type | Int32(SOCK_CLOEXEC.rawValue), proto)
    }

    /// A connection is there: a new one, or one that another request with another rule has left.
    private func connected(to text: String) -> Int32 {
        noteActivity()
        guard let ip = IPAddress(text) else {
            ownReason = .addressRefused(address: "an unknown address", because: "no IP address")
            return CURL_PREREQFUNC_ABORT
        }
        if let reason = addresses.refusal(of: ip) {
            ownReason = .addressRefused(address: ip.description, because: reason)
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    private func noteProgress(sent: curl_off_t) {
        guard sent != sentBytes else { return }
        sentBytes = sent
        noteActivity()
    }
}
