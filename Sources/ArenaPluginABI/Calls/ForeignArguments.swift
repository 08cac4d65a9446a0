import ArenaCore
import CArenaPlugin

/// Reads what a plugin gives to a function of the host, and answers it.
enum ForeignArguments {
    static func text(_ foreign: arena_str, _ name: String) throws(ServiceFailure) -> String {
        guard let text = ForeignText.string(foreign) else {
            throw ServiceFailure(.invalidArgument, "The argument `\(name)` is not valid UTF-8.")
        }
        return text
    }

    /// Gives an answer to the plugin's own sink.
    static func write(_ data: [UInt8], to sink: UnsafePointer<arena_sink>?) throws(ServiceFailure) {
        guard let sink, sink.pointee.struct_size >= ARENA_SINK_MIN_SIZE, let write = sink.pointee.write else {
            throw ServiceFailure(.invalidArgument, "The service was given no sink for its answer.")
        }
        guard !data.isEmpty else { return }
        let status = data.withUnsafeBytes { write(sink, $0.baseAddress, UInt64($0.count)) }
        guard status == ARENA_OK else {
            throw ServiceFailure(StatusCode(foreign: status), "The plugin's sink refused the answer of a service.")
        }
    }

    /// The place for a number of an answer.
    static func place<T>(_ pointer: UnsafeMutablePointer<T>?) throws(ServiceFailure) -> UnsafeMutablePointer<T> {
        guard let pointer else { throw ServiceFailure(.invalidArgument, "The service was given no place to answer.") }
        return pointer
    }
}
