package import ArenaCore

/// Why bytes are not a message of the wire, or why a message cannot be one.
///
/// On the host's side such bytes come from a child that is broken or hostile, so its child is ended; in the child they
/// end the process.
package struct WireError: ArenaError, Hashable {
    package enum Problem: Hashable, Sendable {
        /// The length of a frame is below its header or above ``WireFormat/maximumBody``.
        case frameLength(UInt32)
        /// The reserved bytes of a frame's header are not zero.
        case reservedBytes
        /// No message of this direction has that type.
        case unknownType(UInt8)
        /// A call or service that this protocol does not have.
        case unknownOperation(UInt16)
        /// A message that belongs to a call came without its id, or one that does not came with an id.
        case identifier(UInt64)
        /// A field reaches past the end of its body.
        case truncated
        /// Bytes were left after the last field.
        case trailingBytes(Int)
        /// A text is not valid UTF-8.
        case text
        /// A document is not the JSON that its message holds.
        case document(String)
        /// A field has a value outside of its range; the text says which.
        case value(String)
        /// A message to send is longer than a frame may be.
        case tooLarge(Int)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    package var code: String {
        switch problem {
        case .tooLarge: "wire.too_large"
        case .frameLength: "wire.frame_length"
        case .unknownType, .unknownOperation: "wire.unknown_message"
        default: "wire.malformed"
        }
    }

    package var category: ErrorCategory {
        if case .tooLarge = problem { .resourceExhausted } else { .internalError }
    }

    package var message: String {
        switch problem {
        case .frameLength(let length): "A frame claims \(length) bytes, which no frame may have."
        case .reservedBytes: "The reserved bytes of a frame are not zero."
        case .unknownType(let type): "Frame type \(type) is unknown in this direction."
        case .unknownOperation(let number): "Operation or service method \(number) is unknown."
        case .identifier(let id): "A frame has id \(id), which its type does not allow."
        case .truncated: "A field reaches past the end of its frame."
        case .trailingBytes(let count): "A frame has \(count) bytes after its last field."
        case .text: "A text in a frame is not valid UTF-8."
        case .document(let reason): "A document in a frame cannot be read: \(reason)"
        case .value(let reason): "A field in a frame is out of range: \(reason)."
        case .tooLarge(let count):
            "A message of \(count) bytes is larger than a frame may be (\(WireFormat.maximumBody) bytes)."
        }
    }

    package var hint: String? {
        if case .tooLarge = problem { "Use smaller batches, or leave large data behind as an artifact." } else { nil }
    }
}
