package import ArenaCore

/// Carries HTTP requests for lanes; the runtime joins it to the client that there is.
package protocol LaneTransport: Sendable {
    /// Sends one request and hands over its answer as it comes: at least one part, the last with `isLast`.
    ///
    /// The header values of `request` may hold references to secrets, `${secret:NAME}`, which are filled in here.
    ///
    /// - Parameter receive: takes the next part; `false`: no more is wanted.
    /// - Throws: ``LaneTransportFailure``, or what `receive` throws.
    func send(
        _ request: LaneRequest, receive: @escaping @Sendable (LaneAnswerPart) async throws -> Bool
    ) async throws
}

package struct LaneHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An HTTP request to a lane's server.
package struct LaneRequest: Hashable, Sendable {
    package var method: String
    package var url: String
    package var headers: [LaneHeader]
    package var body: [UInt8]
    /// For everything, from now to the last byte of the answer.
    package var timeout: Duration
    /// As ``LaneEndpoint/certificateFile``.
    package var certificateFile: String?

    package init(
        method: String, url: String, headers: [LaneHeader], body: [UInt8], timeout: Duration,
        certificateFile: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.certificateFile = certificateFile
    }
}

/// Bytes of an answer.
package struct LaneAnswerPart: Hashable, Sendable {
    package var status: Int
    package var headers: [LaneHeader]
    package var bytes: [UInt8]
    /// Whether the body has ended, well, with these.
    package var isLast: Bool

    package init(status: Int, headers: [LaneHeader], bytes: [UInt8], isLast: Bool) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// Why an answer did not come, or not to its end.
package struct LaneTransportFailure: Error, Hashable {
    package enum Kind: Hashable, Sendable {
        /// No connection, or none that is acceptable.
        case unreachable
        /// The connection was lost before the end of the answer.
        case cutOff
        case timedOut
        /// The request cannot be sent as it stands: a secret that is not there, an address that is none.
        case misconfigured
    }

    package let kind: Kind
    /// Without header values.
    package let failure: Failure

    package init(_ kind: Kind, _ failure: Failure) {
        self.kind = kind
        self.failure = failure
    }
}
