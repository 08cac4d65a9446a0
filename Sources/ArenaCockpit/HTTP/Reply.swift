import ArenaCore
import ArenaJSON
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Makes every response of the cockpit, so that all of them carry the same protective headers.
enum Reply {
    /// A JSON document.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        body(value.bytes(), type: "application/json", status: status)
    }

    /// Text of another type than JSON.
    static func text(_ text: String, type: String) -> Response { body(Array(text.utf8), type: type, status: .ok) }

    /// An error as problem+json (RFC 9457), with our `code` and, where there is one, our `hint`.
    static func problem(_ error: any Error) -> Response {
        let (failure, status) = describe(error)
        let document = problemDocument(failure, status: status)
        var response = body(document, type: "application/problem+json", status: .init(code: status))
        switch status {
        case 401: response.headers[.wwwAuthenticate] = "Bearer realm=\"arena\""
        case 429, 503: response.headers[.retryAfter] = "1"
        default: break
        }
        return response
    }

    /// The body of ``problem(_:)``, for the channel handler that answers before a request is whole.
    static func problemDocument(_ failure: Failure, status: Int) -> [UInt8] {
        var members: JSONObject = [
            "type": "about:blank",
            "title": .string(HTTPResponseStatus(statusCode: status).reasonPhrase),
            "status": JSONValue(status),
            "detail": .string(failure.message),
            "code": .string(failure.code),
        ]
        if let hint = failure.hint { members["hint"] = .string(hint) }
        return JSONValue.object(members).bytes()
    }

    /// Another page of this server, with a cookie when one is given.
    static func seeOther(_ path: String, cookie: String? = nil) -> Response {
        var response = body([], type: nil, status: .seeOther)
        response.headers[.location] = path
        response.headers[.setCookie] = cookie
        return response
    }

    /// The fields that every response carries.
    static var protectiveHeaders: HTTPFields {
        var fields = HTTPFields()
        fields[.contentSecurityPolicy] =
            "default-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.cacheControl] = "no-store"
        for (name, value) in [("referrer-policy", "no-referrer"), ("cross-origin-resource-policy", "same-origin")] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }

    private static func body(_ bytes: [UInt8], type: String?, status: HTTPResponse.Status) -> Response {
        var headers = protectiveHeaders
        headers[.contentType] = type
        headers[.contentLength] = String(bytes.count)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The words and the status of an error. What is not an ``ArenaError`` may hold anything, so it is not shown.
    private static func describe(_ error: any Error) -> (Failure, Int) {
        switch error {
        case let error as CockpitError: (Failure(error), error.status)
        case let error as any ArenaError: (Failure(error), error.category.httpStatus)
        case is CancellationError: (Failure(error), ErrorCategory.cancelled.httpStatus)
        default:
            (
                Failure(
                    code: "internal",
                    category: .internalError,
                    message: "The server failed to answer.",
                    hint: "Its log says more."
                ),
                500
            )
        }
    }
}
