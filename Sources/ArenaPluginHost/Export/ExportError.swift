package import ArenaCore

/// Why an export did not come about. Whatever the reason, nothing of it is left and what was there before is whole.
package struct ExportError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        /// There is something at the target already.
        case exists(path: String)
        /// What is at the target was not made by an export, so it is not replaced either.
        case foreignTarget(path: String)
        /// It has no row, and what it would replace has.
        case nothingFits(path: String)
        /// The parameters break the exporter's schema.
        case badParameters(exporter: String, issue: String)
        /// Not a plain file name.
        case badFileName(exporter: String, name: String)
        case duplicateFile(exporter: String, name: String)
        case tooManyFiles(exporter: String, limit: Int)
        case tooLarge(exporter: String, limit: ByteCount)
        /// It succeeded and made nothing.
        case noFiles(exporter: String)
        /// The operating system refused: a full disk, say.
        case storage(path: String, reason: String, isFull: Bool)
    }

    package let reason: Reason
    init(_ reason: Reason) { self.reason = reason }

    package var code: String {
        switch reason {
        case .exists: "export.exists"
        case .foreignTarget: "export.foreign_target"
        case .nothingFits: "export.nothing_fits"
        case .badParameters: "export.bad_parameters"
        case .badFileName: "export.bad_file_name"
        case .duplicateFile: "export.duplicate_file"
        case .tooManyFiles: "export.too_many_files"
        case .tooLarge: "export.too_large"
        case .noFiles: "export.no_files"
        case .storage(_, _, let isFull): isFull ? "export.disk_full" : "export.storage"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .exists, .foreignTarget, .nothingFits: .conflict
        case .badParameters: .invalidArgument
        case .badFileName, .duplicateFile, .noFiles: .internalError
        case .tooManyFiles, .tooLarge: .resourceExhausted
        case .storage(_, _, let isFull): isFull ? .resourceExhausted : .unavailable
        }
    }

    package var message: String {
        switch reason {
        case .exists(let path): "\(path) exists already."
        case .foreignTarget(let path): "\(path) was not made by an export, so it is not replaced."
        case .nothingFits(let path): "The export has no rows, so the earlier one at \(path), which has some, stays."
        case .badParameters(let exporter, let issue): "The parameters of exporter \(exporter) are wrong: \(issue)"
        case .badFileName(let exporter, let name):
            "Exporter \(exporter) wanted a file \"\(name.prefix(120))\", which is no plain file name."
        case .duplicateFile(let exporter, let name): "Exporter \(exporter) wanted two files \(name)."
        case .tooManyFiles(let exporter, let limit): "Exporter \(exporter) wanted more than \(limit) files."
        case .tooLarge(let exporter, let limit): "Exporter \(exporter) wrote more than \(limit) and was ended."
        case .noFiles(let exporter): "Exporter \(exporter) succeeded and made no file."
        case .storage(let path, let reason, _): "The export to \(path) cannot be written: \(reason)."
        }
    }

    package var hint: String? {
        switch reason {
        case .exists: "Choose another folder with --out, or replace an earlier export with --force."
        case .foreignTarget: "Choose another folder with --out, or move that one away yourself."
        case .nothingFits: "`arena results` shows what there is; widen --run, --bench, --lane or --since."
        case .badParameters(let exporter, _): "`arena plugin info` of its plugin says what \(exporter) takes."
        case .badFileName, .duplicateFile, .tooManyFiles, .noFiles:
            "This is a fault of the plugin: report it to its author."
        case .tooLarge: "Narrow it with --run, --bench, --lane or --since."
        case .storage(_, _, let isFull):
            isFull
                ? "Free some space on that file system, or choose another with --out."
                : "Check that you may write there."
        }
    }
}
