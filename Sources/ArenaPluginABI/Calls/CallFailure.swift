package import ArenaCore
import ArenaJSON

/// Why a call into a plugin gave no result.
package struct CallFailure: ArenaError, Hashable {
    /// What the plugin returned; never ``StatusCode/ok``.
    package var status: StatusCode
    /// What the plugin said through `fail`, at most 4 KiB; the host's words when it said nothing.
    package var message: String
    /// A JSON object as the plugin wrote it, or empty.
    package var detail: String
    /// Whether the plugin broke a rule of the ABI: a status without a reason [ERR-2], say, or output that is no text.
    package var isPluginFault: Bool

    package init(_ status: StatusCode, _ message: String, detail: String = "", isPluginFault: Bool = false) {
        self.status = status
        self.message = message
        self.detail = detail
        self.isPluginFault = isPluginFault
    }

    static func fault(_ message: String, status: StatusCode = .internalError) -> CallFailure {
        CallFailure(status, message, isPluginFault: true)
    }

    /// The plugin's own dotted code, if it gave one; else `plugin.fault` or `plugin.failed`.
    package var code: String {
        guard !isPluginFault else { return "plugin.fault" }
        if let code = document?["code"]?.string, Self.isCode(code) { return code }
        return status == .cancelled ? "cancelled" : "plugin.failed"
    }

    package var category: ErrorCategory { status.category ?? .internalError }

    package var hint: String? {
        if isPluginFault { return "This is a fault of the plugin: report it to its author." }
        return document?["hint"]?.string
    }

    /// What the plugin said on trying again [JOB-3]; `nil` leaves it to the status.
    package var retry: Bool? { document?["retry"]?.bool }

    private var document: JSONValue? {
        guard !detail.isEmpty else { return nil }
        return try? JSONValue(parsing: detail, limits: JSONLimits(maxDepth: 16, maxBytes: 64 << 10))
    }

    private static func isCode(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
