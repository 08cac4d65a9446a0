package import ArenaJSON

/// A function of any C library that judges an answer: where it lies, what it takes and what it gives.
///
/// The types are a closed set, so that nothing a manifest says can ask for more than numbers and texts by pointer.
package struct ForeignFunction: Hashable, Sendable {
    /// The part of an item that an argument is made of.
    package enum Source: String, CaseIterable, Sendable {
        case output, reference, input
    }

    /// How that part is handed over.
    package enum ArgumentType: String, CaseIterable, Sendable {
        /// Two arguments: `const char *` and `size_t`.
        case string
        /// `const char *` that ends with NUL. An item with a NUL inside is skipped.
        case cstring
        /// The number that the text is: `int32_t`.
        case i32
        /// The number that the text is: `int64_t`.
        case i64
        /// The number that the text is, finite.
        case double
        /// Two arguments: `const int32_t *` and `size_t`, the count.
        case i32Array = "i32_array"
        /// Two arguments: `const float *` and `size_t`, the count.
        case floatArray = "float_array"
    }

    package struct Argument: Hashable, Sendable {
        package var source: Source
        package var type: ArgumentType

        package init(_ source: Source, _ type: ArgumentType) {
            self.source = source
            self.type = type
        }
    }

    package enum ReturnType: String, CaseIterable, Sendable {
        case double, float, i32, i64
    }

    /// A path, or the name of a library of the system.
    package var library: String
    package var symbol: String
    package var arguments: [Argument]
    package var returns: ReturnType
    /// What the function gives for the worst and for the best answer: the score is the place between them.
    package var range: ClosedRange<Double>

    package init(
        library: String, symbol: String, arguments: [Argument], returns: ReturnType, range: ClosedRange<Double>
    ) {
        self.library = library
        self.symbol = symbol
        self.arguments = arguments
        self.returns = returns
        self.range = range
    }

    /// Whether it looks at references: an item without one is then skipped.
    package var needsReference: Bool { arguments.contains { $0.source == .reference } }
}

extension ForeignFunction {
    /// As the host tells it to a child.
    package var json: JSONValue {
        [
            "library": .string(library), "symbol": .string(symbol),
            "arguments": .array(
                arguments.map { ["source": .string($0.source.rawValue), "type": .string($0.type.rawValue)] }),
            "returns": .string(returns.rawValue), "min": JSONValue(range.lowerBound),
            "max": JSONValue(range.upperBound),
        ]
    }

    /// `nil` for what ``json`` never gives.
    package init?(_ json: JSONValue) {
        guard let library = json["library"]?.string, let symbol = json["symbol"]?.string,
            let list = json["arguments"]?.array, let returns = json["returns"]?.string.flatMap(ReturnType.init),
            let min = json["min"]?.double, let max = json["max"]?.double, min < max
        else { return nil }
        let arguments = list.compactMap { argument -> Argument? in
            guard let source = argument["source"]?.string.flatMap(Source.init),
                let type = argument["type"]?.string.flatMap(ArgumentType.init)
            else { return nil }
            return Argument(source, type)
        }
        guard arguments.count == list.count else { return nil }
        self.init(library: library, symbol: symbol, arguments: arguments, returns: returns, range: min...max)
    }
}
