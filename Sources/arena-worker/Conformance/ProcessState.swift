#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What of the process a plugin must leave as it was: [THR-2], and what it opened.
struct ProcessState: Sendable {
    private let directory: String
    private let locale: String
    private let mask: mode_t
    private let environment: [String]
    private let descriptors: Set<Int32>
    /// The address of each signal's handler.
    private let handlers: [UInt]

    init() {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        directory = getcwd(&path, path.count).map { String(cString: $0) } ?? ""
        locale = setlocale(LC_ALL, nil).map { String(cString: $0) } ?? ""
        mask = umask(0)
        _ = umask(mask)
        var names: [String] = []
        var next = environ
        while let entry = next.pointee {
            names.append(String(cString: entry))
            next += 1
        }
        environment = names.sorted()
        descriptors = Set((Int32(0)..<1024).filter { fcntl($0, F_GETFD) >= 0 })
        handlers = (Int32(1)...64).map { signal in
            var action = sigaction()
            guard sigaction(signal, nil, &action) == 0 else { return 0 }
            return withUnsafeBytes(of: action.__sigaction_handler) { $0.load(as: UInt.self) }
        }
    }

    /// What has changed since `before`: the sentence of the header that it breaks, and what it is.
    func changes(since before: ProcessState) -> [Fault] {
        var faults: [Fault] = []
        if directory != before.directory { faults.append(Fault("THR-2", "the working directory is now \(directory)")) }
        if locale != before.locale { faults.append(Fault("THR-2", "the locale is now \(locale)")) }
        if mask != before.mask { faults.append(Fault("THR-2", "the umask is now \(String(mask, radix: 8))")) }
        let names = Set(environment).symmetricDifference(before.environment)
        if let name = names.min()?.prefix(while: { $0 != "=" }) {
            faults.append(Fault("THR-2", "the environment variable \(name) was changed"))
        }
        let open = descriptors.subtracting(before.descriptors).sorted()
        if !open.isEmpty { faults.append(Fault("ENTRY-8", "descriptors were left open: \(open)")) }
        let closed = before.descriptors.subtracting(descriptors).sorted()
        if !closed.isEmpty { faults.append(Fault("THR-3", "descriptors of the host were closed: \(closed)")) }
        for (index, (now, then)) in zip(handlers, before.handlers).enumerated() where now != then {
            faults.append(Fault("THR-2", "a handler for signal \(index + 1) was installed"))
        }
        return faults
    }
}

extension ProcessState {
    /// Bytes of memory that this process has in use; 0 when the kernel does not say.
    static var memory: Int {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(file, &text, text.count)
        let fields = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard fields.count > 1 else { return 0 }
        return (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
