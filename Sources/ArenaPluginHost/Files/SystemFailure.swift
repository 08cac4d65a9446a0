import Glibc

/// A system call that failed: the leaf below ``PluginError``, for callers that decide by `errno`.
struct SystemFailure: Error, Hashable {
    /// The call and what it was given, such as `open /home/me/.arena/plugins`.
    var operation: String
    var errno: Int32

    init(_ operation: String, errno: Int32) {
        self.operation = operation
        self.errno = errno
    }

    /// What the C library says of the error number, such as `No space left on device`.
    var text: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(errno, &buffer, buffer.count) == 0 else { return "error \(errno)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A plugin's file could not be read; one that was there a moment ago and no longer is counts as changing.
    func whileReading(_ path: String) -> PluginError {
        guard ![ENOENT, ELOOP, ENOTDIR].contains(errno) else {
            return PluginError(.changing, "\(path) was removed or replaced while it was read.")
        }
        return PluginError(.unreadable, "\(path) cannot be read: \(text).", hint: readingHint)
    }

    /// The store or the lock file could not be written.
    func whileWriting(_ path: String) -> PluginError {
        PluginError(.storageFailed, "\(path) cannot be written: \(text).", hint: writingHint)
    }

    private var readingHint: String? {
        switch errno {
        case EACCES, EPERM: "Give yourself the right to read it, or remove it."
        case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
        default: nil
        }
    }

    private var writingHint: String? {
        switch errno {
        case ENOSPC, EDQUOT: "Free some space on that file system."
        case EACCES, EPERM, EROFS: "Make the directory writable, or point ARENA_HOME elsewhere."
        default: nil
        }
    }
}

/// Runs file work on `path`, turning its failure into what people read.
func reading<Value: ~Copyable>(
    _ path: String, _ body: () throws(SystemFailure) -> Value
) throws(PluginError) -> Value {
    do throws(SystemFailure) { return try body() } catch { throw error.whileReading(path) }
}

/// Runs file work that changes `path`, turning its failure into what people read.
func writing<Value: ~Copyable>(
    _ path: String, _ body: () throws(SystemFailure) -> Value
) throws(PluginError) -> Value {
    do throws(SystemFailure) { return try body() } catch { throw error.whileWriting(path) }
}
