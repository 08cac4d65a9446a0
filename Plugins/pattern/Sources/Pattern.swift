import ArenaPluginKit
import CPCRE2
import Glibc

/// A compiled pattern of a user: PCRE2's interpreter, with limits on every match.
final class Pattern {
    /// How a match ended.
    enum Outcome {
        /// Where the whole and each group lie in the text, in bytes; `nil` for a group that took no part.
        case match([Range<Int>?])
        case none
        /// A limit ended it: for people.
        case undecided(String)
    }

    /// The steps from one start position, and how deep they nest.
    private static let matchLimit: UInt32 = 1_000_000
    private static let depthLimit: UInt32 = 10_000
    private static let heapKibibytes: UInt32 = 8 << 10
    private static let longestPattern = 16 << 10

    let text: String
    private let code: OpaquePointer
    private let data: OpaquePointer
    private let context: OpaquePointer
    /// Read by the callout during a match.
    private let deadline: UnsafeMutablePointer<UInt64>
    private let isFull: Bool

    /// - Throws: `pattern.invalid` with the offset in bytes.
    init(_ text: String, flags: String, isFull: Bool) throws(PluginError) {
        self.text = text
        self.isFull = isFull
        var options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        for flag in flags {
            switch flag {
            case "i": options |= UInt32(PCRE2_CASELESS)
            case "m": options |= UInt32(PCRE2_MULTILINE)
            case "s": options |= UInt32(PCRE2_DOTALL)
            case "x": options |= UInt32(PCRE2_EXTENDED)
            default: throw Self.invalid("There is no flag \"\(flag)\".", "Use i, m, s and x.")
            }
        }
        code = try Self.compile(text, options)
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil),
            let context = pcre2_match_context_create_8(nil)
        else {
            pcre2_code_free_8(code)
            throw PluginError(.resourceExhausted, code: "pattern.no_memory", "There is no memory for a match.")
        }
        self.data = data
        self.context = context
        deadline = .allocate(capacity: 1)
        deadline.initialize(to: 0)
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapKibibytes)
        arena_pcre2_set_deadline(context, deadline)
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
        deadline.deallocate()
    }

    private static func compile(_ text: String, _ options: UInt32) throws(PluginError) -> OpaquePointer {
        let context = pcre2_compile_context_create_8(nil)
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_max_pattern_length_8(context, longestPattern)
        pcre2_set_parens_nest_limit_8(context, 100)
        var error: Int32 = 0
        var offset = 0
        // Met at every start position, where the deadline is looked at: the match limit starts anew at each.
        let prefix = "(?C1)"
        var guarded = prefix + text
        let compiled = guarded.withUTF8 { pcre2_compile_8($0.baseAddress, $0.count, options, &error, &offset, context) }
        guard let compiled else {
            let place = max(0, offset - prefix.utf8.count)
            throw invalid(
                "The pattern \"\(String(text.unicodeScalars.prefix(100)))\" is wrong at offset \(place): \(message(error)).",
                "Correct `pattern` in the scorer's config; it is a PCRE2 pattern.")
        }
        return compiled
    }

    /// The number of a group that is named; `nil` for one that the pattern does not have.
    func group(named name: String) -> Int? {
        let number = pcre2_substring_number_from_name_8(code, Array(name.utf8) + [0])
        return number > 0 ? Int(number) : nil
    }

    /// How many groups there are.
    var groupCount: Int {
        var count: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        return Int(count)
    }

    /// Looks for the pattern from a byte offset on.
    ///
    /// - Parameter nanoseconds: CLOCK_MONOTONIC; the match ends then, undecided.
    func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, until nanoseconds: UInt64) -> Outcome {
        deadline.pointee = nanoseconds
        var options = UInt32(PCRE2_NO_UTF_CHECK)
        if isFull { options |= UInt32(PCRE2_ANCHORED) | UInt32(PCRE2_ENDANCHORED) }
        let status = pcre2_match_8(code, bytes.baseAddress, bytes.count, start, options, data, context)
        switch status {
        case 0...: return .match(groups())
        case PCRE2_ERROR_NOMATCH: return .none
        case PCRE2_ERROR_CALLOUT: return .undecided("took longer than its time")
        case PCRE2_ERROR_MATCHLIMIT: return .undecided("needs more than \(Self.matchLimit) steps")
        case PCRE2_ERROR_DEPTHLIMIT: return .undecided("nests deeper than \(Self.depthLimit)")
        case PCRE2_ERROR_HEAPLIMIT: return .undecided("needs more than \(Self.heapKibibytes) KiB")
        default: return .undecided(Self.message(status))
        }
    }

    private func groups() -> [Range<Int>?] {
        guard let places = pcre2_get_ovector_pointer_8(data) else { return [] }
        return (0..<Int(pcre2_get_ovector_count_8(data))).map { group in
            let (start, end) = (places[2 * group], places[2 * group + 1])
            // `\K` in a look-ahead can put the start behind the end.
            return start == arena_pcre2_unset() || start > end ? nil : start..<end
        }
    }

    static func invalid(_ message: String, _ hint: String) -> PluginError {
        PluginError(.invalidArgument, code: "pattern.invalid", message, hint: hint)
    }

    private static func message(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(code, buffer.baseAddress, buffer.count)
            return length < 0 ? "error \(code)" : String(decoding: buffer[..<Int(length)], as: UTF8.self)
        }
    }
}
