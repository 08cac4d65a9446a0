package import ArenaCore
package import Foundation
import Glibc

/// Foundation's errors of files, in the words that people get: what was tried, the path, and why.
extension CocoaError: FailureConvertible {
    package var failure: Failure {
        let path = filePath ?? url?.path ?? "A file"
        let (category, what, cure): (ErrorCategory, String, String) =
            switch code {
            case .fileReadNoPermission:
                (.permissionDenied, "may not be read", "Check that you may read it.")
            case .fileReadNoSuchFile:
                (.notFound, "does not exist", "Check the path.")
            case .fileWriteNoPermission, .fileWriteVolumeReadOnly:
                (.permissionDenied, "may not be written", "Check that you may write there, or take another place.")
            case .fileWriteOutOfSpace:
                (.resourceExhausted, "cannot be written: no space is left", "Free some space on that file system.")
            case .fileWriteFileExists:
                (.conflict, "exists already", "Take another place.")
            default:
                (.unavailable, "cannot be used\(reason)", "Check the path, or take another place.")
            }
        return Failure(code: "file.\(category.rawValue)", category: category, message: "\(path) \(what).", hint: cure)
    }

    private var reason: String {
        (underlying as? POSIXError).map { ": \(String(cString: strerror($0.code.rawValue)))" } ?? ""
    }
}

extension NSError: FailureConvertible {
    package var failure: Failure {
        guard domain == NSCocoaErrorDomain else {
            return Failure(code: "internal", category: .internalError, message: "Unexpected error: \(self)")
        }
        return CocoaError(CocoaError.Code(rawValue: code), userInfo: userInfo).failure
    }
}
