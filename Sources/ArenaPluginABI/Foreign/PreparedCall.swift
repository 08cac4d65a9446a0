package import ArenaCore
import CFFI

/// A C function with its description for libffi, prepared once and called often.
///
/// Not for two threads at once: the places of the arguments are its own.
package final class PreparedCall {
    private let function: @convention(c) () -> Void
    private let description: UnsafeMutablePointer<ffi_cif>
    private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
    /// One word for each argument of the C function; libffi gets their addresses.
    private let words: UnsafeMutablePointer<UInt64>
    private let places: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    /// Integers that are narrower come back widened to a word.
    private let result: UnsafeMutableRawPointer
    private let returns: ForeignFunction.ReturnType

    /// - Parameter symbol: the function's address; it stays valid for the life of the process.
    /// - Throws: `ffi.not_prepared` when libffi refuses the description.
    package init(
        _ symbol: UnsafeMutableRawPointer, arguments: [ForeignFunction.ArgumentType],
        returns: ForeignFunction.ReturnType
    ) throws(Failure) {
        function = unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)
        let words = arguments.flatMap(\.words)
        self.returns = returns
        description = .allocate(capacity: 1)
        description.initialize(to: ffi_cif())
        types = .allocate(capacity: max(1, words.count))
        self.words = .allocate(capacity: max(1, words.count))
        places = .allocate(capacity: max(1, words.count))
        result = .allocate(byteCount: 16, alignment: 16)
        for (index, type) in words.enumerated() {
            (types + index).initialize(to: type)
            (self.words + index).initialize(to: 0)
            (places + index).initialize(to: UnsafeMutableRawPointer(self.words + index))
        }
        let status = ffi_prep_cif(description, FFI_DEFAULT_ABI, UInt32(words.count), returns.type, types)
        guard status == FFI_OK else {
            throw Failure(
                code: "ffi.not_prepared", category: .unsupported,
                message: "libffi refuses the function's types (status \(status.rawValue)).",
                hint: "Correct `arguments` and `returns` in the manifest.")
        }
    }

    deinit {
        description.deallocate()
        types.deallocate()
        words.deallocate()
        places.deallocate()
        result.deallocate()
    }

    /// Sets the word at `index`: a pointer, a length or the bits of a number.
    package func set(_ index: Int, _ word: UInt64) { words[index] = word }

    /// Sets the word at `index`. What it points at must outlive the call.
    package func set(_ index: Int, _ pointer: UnsafeRawPointer?) { words[index] = UInt64(UInt(bitPattern: pointer)) }

    /// Calls the function with the words that are set.
    package func callAsFunction() -> Double {
        ffi_call(description, function, result, places)
        return switch returns {
        case .double: result.load(as: Double.self)
        case .float: Double(result.load(as: Float.self))
        case .i32: Double(Int32(truncatingIfNeeded: result.load(as: Int64.self)))
        case .i64: Double(result.load(as: Int64.self))
        }
    }
}

extension ForeignFunction.ArgumentType {
    /// The arguments of the C function that it becomes.
    fileprivate var words: [UnsafeMutablePointer<ffi_type>?] {
        switch self {
        case .string, .i32Array, .floatArray: [arena_ffi_pointer(), arena_ffi_u64()]
        case .cstring: [arena_ffi_pointer()]
        case .i32: [arena_ffi_i32()]
        case .i64: [arena_ffi_i64()]
        case .double: [arena_ffi_double()]
        }
    }

    /// How many arguments of the C function it becomes.
    var wordCount: Int { words.count }
}

extension ForeignFunction.ReturnType {
    fileprivate var type: UnsafeMutablePointer<ffi_type>? {
        switch self {
        case .double: arena_ffi_double()
        case .float: arena_ffi_float()
        case .i32: arena_ffi_i32()
        case .i64: arena_ffi_i64()
        }
    }
}
