package import ArenaCore

/// Why a rubric cannot be used, or what it did that no rubric may.
package struct RubricError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        /// It broke a rule of `arena.rubric/1`; what it did.
        case lies(String)
        /// A check names a scorer that is not there or a configuration that it does not take.
        case scorer(check: String, Failure)
        /// Its document is named for another id.
        case otherID(String)
        /// No plugin reads such a document.
        case noReader(String)
        /// Its document has a fault, or its plugin failed.
        case unusable(Failure)
        /// The kind reads rubrics and is none.
        case isReader(String)
        /// Its file may not be used, whatever is in it.
        case refused(String)
        /// What a request asks for beside the rubric.
        case badRequest(String)
    }

    package let rubric: String
    package let reason: Reason
    /// The file, with line and column where they are known.
    package var place: String?

    init(_ rubric: String, _ reason: Reason, place: String? = nil) {
        self.rubric = rubric
        self.reason = reason
        self.place = place
    }

    package var code: String {
        switch reason {
        case .lies: "rubric.fault"
        case .scorer(_, let failure): failure.category == .notFound ? "rubric.unknown_scorer" : failure.code
        case .otherID: "rubric.id_mismatch"
        case .noReader: "rubric.no_reader"
        case .unusable(let failure): failure.code
        case .isReader: "rubric.is_reader"
        case .refused: "rubric.refused"
        case .badRequest: "rubric.bad_request"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .lies: .internalError
        // Not `notFound`: the rubric is there, and a scorer that it needs is not.
        case .scorer(_, let failure): failure.category == .notFound ? .failedPrecondition : failure.category
        case .otherID, .badRequest: .invalidArgument
        case .noReader: .unsupported
        case .refused: .failedPrecondition
        case .unusable(let failure): failure.category
        case .isReader: .notFound
        }
    }

    package var message: String {
        let where_ = place.map { "\($0): " } ?? ""
        return switch reason {
        case .lies(let what): "The rubric \(rubric) broke the rules of its interface: \(what)."
        case .scorer(let check, let failure): "\(where_)check \"\(check)\" of rubric \(rubric): \(failure.message)"
        case .otherID(let id): "\(where_)the rubric calls itself \"\(id)\", its file is named for \"\(rubric)\"."
        case .noReader(let document): "No plugin that is ready reads a rubric such as \(document)."
        case .unusable(let failure):
            // A reader's own place goes on where the file's name ends.
            place.map { "\($0)\(failure.message.hasPrefix("line ") ? "," : ":") " + failure.message } ?? failure.message
        case .isReader(let reads): "\(rubric) is no rubric: it reads rubrics that are documents (\(reads))."
        case .refused(let why): "\(where_)\(why)"
        case .badRequest(let what): "The request to score with rubric \(rubric) is wrong: \(what)."
        }
    }

    package var hint: String? {
        switch reason {
        case .lies: "This is a fault of the plugin: report it to its author."
        case .scorer(_, let failure), .unusable(let failure): failure.hint
        case .otherID(let id): "Write id: \(rubric), or rename the file to \(id) with its ending."
        case .noReader: "Name the file with the ending .yaml; `arena plugin list` shows what is ready."
        case .isReader: "`arena rubric list` shows the rubrics."
        case .refused: "Mend or remove it; it is seen at once."
        case .badRequest: "It takes judge_lane, scorer and scorer_config, each optional."
        }
    }
}
