package import ArenaCore

/// Why a service did not do what a plugin asked.
package struct ServiceFailure: Error, Hashable, Sendable {
    package var status: StatusCode
    /// One sentence that names the thing, and for a narrowed service what to add to the manifest [SVC-2].
    package var message: String
    /// A JSON object with `code` and `hint`, or empty.
    package var detail: String

    package init(_ status: StatusCode, _ message: String, detail: String = "") {
        self.status = status
        self.message = message
        self.detail = detail
    }
}
