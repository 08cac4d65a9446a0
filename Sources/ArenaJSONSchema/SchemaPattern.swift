import ArenaCore
import CPCRE2

/// A pattern of a schema: PCRE2 as near to ECMA-262 as it goes, never anchored, with limits on every match.
///
/// `\d`, `\w` and `\s` are ASCII, `$` is the very end, `\u0041` and `\u{1F600}` are escapes, `[]` and `[^]` are classes.
// @unchecked: `code` is set once, never changed by a match, and freed when the last owner lets go.
final class SchemaPattern: @unchecked Sendable {
    /// The pattern as it was given.
    let text: String
    private let code: OpaquePointer

    struct CompileError: Error {
        let message: String
        /// Bytes before the problem.
        let offset: Int
    }

    enum Outcome {
        case match, noMatch
        /// A limit or the deadline ended it.
        case undecided
    }

    init(_ text: String) throws(CompileError) {
        self.text = text
        let compileContext = pcre2_compile_context_create_8(nil)
        defer { pcre2_compile_context_free_8(compileContext) }
        pcre2_set_max_pattern_length_8(compileContext, 16 << 10)
        pcre2_set_parens_nest_limit_8(compileContext, 100)
        pcre2_set_compile_extra_options_8(compileContext, UInt32(PCRE2_EXTRA_ALT_BSUX))
        let options =
            UInt32(PCRE2_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C) | UInt32(PCRE2_DOLLAR_ENDONLY)
            | UInt32(PCRE2_ALT_BSUX) | UInt32(PCRE2_ALLOW_EMPTY_CLASS) | UInt32(PCRE2_MATCH_UNSET_BACKREF)
        var error: Int32 = 0
        var offset = 0
        // The callout is met at every start position; see arena_pcre2_set_deadline.
        let prefix = "(?C1)"
        var guarded = prefix + text
        let compiled = guarded.withUTF8 {
            pcre2_compile_8($0.baseAddress, $0.count, options, &error, &offset, compileContext)
        }
        guard let compiled else {
            throw CompileError(message: Self.message(error), offset: max(0, offset - prefix.utf8.count))
        }
        code = compiled
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Whether the pattern is found anywhere in `text`.
    ///
    /// - Parameter deadline: on the scale of `monotonicNanoseconds()`.
    func find(in text: String, deadline: UInt64) -> Outcome {
        let data = pcre2_match_data_create_8(1, nil)
        let context = pcre2_match_context_create_8(nil)
        defer {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }
        guard let data, let context else { return .undecided }
        pcre2_set_match_limit_8(context, 1_000_000)
        pcre2_set_depth_limit_8(context, 10_000)
        pcre2_set_heap_limit_8(context, 8 << 10)
        var text = text
        var deadline = deadline
        let status = withUnsafeMutablePointer(to: &deadline) { deadline in
            arena_pcre2_set_deadline(context, deadline)
            // A Swift string is valid UTF-8, so PCRE2 need not look.
            return text.withUTF8 {
                pcre2_match_8(code, $0.baseAddress, $0.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
            }
        }
        switch status {
        case 0...: return .match
        case PCRE2_ERROR_NOMATCH: return .noMatch
        default: return .undecided
        }
    }

    private static func message(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(code, buffer.baseAddress, buffer.count)
            return length < 0 ? "error \(code)" : String(decoding: buffer[..<Int(length)], as: UTF8.self)
        }
    }
}
