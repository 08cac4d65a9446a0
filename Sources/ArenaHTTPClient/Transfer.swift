import ArenaCore
import CCurl

/// One request on the client's thread: its handle, what libcurl reads from, and what became known of it.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    let pipe: TransferPipe
    let target: RequestTarget
    let addresses: AddressRule
    let maxBodyBytes: Int?
    private let certificateFile: String?
    private let idleTimeout: Duration?
    private let totalTimeout: Duration?
    private let connectTimeout: Duration
    private let started = monotonicNanoseconds()
    /// `nil` until the connection is there.
    private var lastActivity: UInt64?
    var receivedBytes = 0
    var sentBytes: curl_off_t = 0
    var header = HeaderReader()
    /// The last address that a socket was opened for, or was not, with the reason.
    var triedAddress: String?
    var refusedAddress: (address: String, reason: String)?
    /// Why a callback of ours ended the transfer.
    var ownReason: HTTPClientError.Reason?

    private var fields: UnsafeMutablePointer<curl_slist>?
    private let body: UnsafeMutableBufferPointer<UInt8>
    private let words: UnsafeMutablePointer<CChar>

    /// - Returns: `nil` when libcurl has no memory.
    init?(_ request: HTTPRequest, _ target: RequestTarget, _ pipe: TransferPipe) {
        guard let easy = arena_curl_easy_init() else { return nil }
        self.easy = easy
        self.pipe = pipe
        self.target = target
        addresses = request.addresses
        maxBodyBytes = request.maxBodyBytes
        certificateFile = request.certificateFile
        idleTimeout = request.idleTimeout
        totalTimeout = request.totalTimeout
        connectTimeout = request.connectTimeout
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        body = .allocate(capacity: max(1, request.body.count))
        _ = body.initialize(from: request.body)
        configure(request)
        installCallbacks()
    }

    deinit {
        arena_curl_easy_cleanup(easy)
        arena_curl_slist_free_all(fields)
        body.deallocate()
        words.deallocate()
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = arena_curl_set_long(easy, option, value) }

    private func configure(_ request: HTTPRequest) {
        _ = arena_curl_set_text(easy, CURLOPT_URL, request.url)
        _ = arena_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // An empty text, unlike none, also keeps libcurl from reading the proxy variables.
        _ = arena_curl_set_text(easy, CURLOPT_PROXY, "")
        _ = arena_curl_set_text(easy, CURLOPT_USERAGENT, "arena")
        _ = arena_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectTimeout.milliseconds)))
        if let certificateFile {
            _ = arena_curl_set_text(easy, CURLOPT_CAINFO, certificateFile)
            _ = arena_curl_set_text(easy, CURLOPT_CAPATH, nil)
        }
        if request.acceptsCompression { _ = arena_curl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
        if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            set(CURLOPT_POST, 1)
            _ = arena_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            // Not copied: lives as long as the handle.
            _ = arena_curl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
        }
        _ = arena_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
        // A name and a colon alone remove what libcurl would add of itself.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines { fields = arena_curl_slist_append(fields, line) ?? fields }
        _ = arena_curl_set_list(easy, CURLOPT_HTTPHEADER, fields)
    }

    func resume() {
        noteActivity()
        arena_curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// A byte has moved, or the connection has come to be.
    func noteActivity() { lastActivity = monotonicNanoseconds() }

    /// When this transfer's time is up next, and what is said then.
    func deadline() -> (UInt64, HTTPClientError)? {
        var deadlines: [(UInt64, HTTPClientError)] = []
        if let totalTimeout {
            deadlines.append((started &+ totalTimeout.nanoseconds, error(.timeout(.total, after: totalTimeout))))
        }
        if let idleTimeout, let lastActivity, !pipe.isPaused {
            deadlines.append((lastActivity &+ idleTimeout.nanoseconds, error(.timeout(.idle, after: idleTimeout))))
        }
        return deadlines.min { $0.0 < $1.0 }
    }

    func error(_ reason: HTTPClientError.Reason) -> HTTPClientError { HTTPClientError(target.description, reason) }

    /// What libcurl's own end of the transfer means.
    func outcome(of result: CURLcode) -> Result<Void, HTTPClientError> {
        if let ownReason { return .failure(error(ownReason)) }
        if result == CURLE_OK {
            return header.isDelivered ? .success(()) : .failure(error(.connectionLost("it ended without an answer")))
        }
        return .failure(error(reason(of: result)))
    }

    private func reason(of result: CURLcode) -> HTTPClientError.Reason {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: return .unreachable("the name \(target.host) has no address")
        case CURLE_COULDNT_CONNECT:
            if triedAddress == nil, let refusedAddress {
                return .addressRefused(address: refusedAddress.address, because: refusedAddress.reason)
            }
            return .unreachable("\(triedAddress ?? target.description): \(systemWords() ?? text(of: result))")
        case CURLE_OPERATION_TIMEDOUT: return .timeout(.connect, after: connectTimeout)
        case CURLE_PEER_FAILED_VERIFICATION:
            return .tls(chainFault == nil ? .wrongName : .untrusted, text(of: result))
        case CURLE_SSL_CACERT_BADFILE:
            return .tls(.certificateFile, "\(certificateFile ?? "the system's list") holds no certificate to trust")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_INVALIDCERTSTATUS:
            return .tls(.handshake, text(of: result))
        case CURLE_URL_MALFORMAT: return .badURL(text(of: result))
        // Without a failure of the system it is the framing of chunks that could not be read.
        case CURLE_RECV_ERROR where !target.isSecure && systemWords() == nil: return .badAnswer(text(of: result))
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            return .connectionLost(text(of: result))
        case CURLE_OUT_OF_MEMORY: return .unreachable("libcurl has no memory for it")
        default: return .badAnswer(text(of: result))
        }
    }

    /// libcurl's words, without its full stop.
    private func text(of result: CURLcode) -> String {
        var text = words[0] == 0 ? String(cString: arena_curl_easy_strerror(result)) : String(cString: words)
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// What is wrong with the chain of certificates, in OpenSSL's numbers; `nil` when nothing is, or only the name.
    private var chainFault: Int? {
        var fault = 0
        // 1 is what libcurl begins with: the chain was good, and what came after it was not.
        guard arena_curl_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &fault) == CURLE_OK, fault > 1 else { return nil }
        return fault
    }

    private func systemWords() -> String? {
        var number = 0
        guard arena_curl_get_long(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number != 0 else { return nil }
        return String(cString: arena_curl_error_text(Int32(number)))
    }
}

extension Duration {
    /// Whole milliseconds, at most what a C `long` of 32 bits holds.
    fileprivate var milliseconds: Int64 { min(Int64(nanoseconds / 1_000_000), Int64(Int32.max)) }

    /// At least 0, at most some 290 years.
    fileprivate var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 9_000_000_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
