import ArenaPluginWire
import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The child that runs plugins. It is started by the host with a socket on descriptor 0 and nothing else, waits for
/// `hello`, shuts itself in, loads one library and serves calls until the host says `bye` or is gone.
@main
struct ArenaWorker {
    static func main() {
        var socket: Int32 = -1
        guard arena_linux_take_socket(&socket) == 0 else {
            complain("arena-worker is started by arena, with a socket on descriptor 0; there is nothing to do here.\n")
            exit(ExitStatus.usage)
        }
        arena_linux_keep_memory(16 << 20)
        arena_linux_reset_signals()
        _ = arena_linux_die_with_parent()
        let census = ThreadCensus()
        let connection = Connection(socket)
        var reader = MessageReader(socket)
        let hello = reader.hello()
        do {
            if let foreign = hello.foreign {
                try ForeignWorker.start(foreign, hello, connection: connection, reader: reader).serve()
            }
            let worker = try Worker.start(hello, connection: connection, reader: reader, census: census)
            worker.serve()
        } catch {
            connection.refuse(error)
        }
    }

    private static func complain(_ text: String) {
        _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
    }
}

/// How the process ends.
enum ExitStatus {
    /// The host said `bye` or is gone.
    static let done: Int32 = 0
    /// Not started by a host.
    static let usage: Int32 = 64
    /// The host sent what is no message.
    static let brokenFrame: Int32 = 65
    /// `hello` was refused; the reason was sent.
    static let refused: Int32 = 66
}
