import Glibc
import Synchronization

/// Replaces a library again and again from a thread of its own.
final class SwappingWriter: Sendable {
    enum Style: CaseIterable {
        case renaming
        /// Writes over the file that others may be reading.
        case inPlace
    }

    private let style: Style
    private let home: TestFolder
    private let versions: [[UInt8]]
    private let isRunning = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    init(home: TestFolder, versions: [[UInt8]], style: Style) {
        self.style = style
        self.home = home
        self.versions = versions
    }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<SwappingWriter>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context)
        pthread_detach(thread)
    }

    func stop() {
        isRunning.store(false, ordering: .sequentiallyConsistent)
        while !hasEnded.load(ordering: .sequentiallyConsistent) { sched_yield() }
    }

    private func work() {
        var turn = 0
        while isRunning.load(ordering: .sequentiallyConsistent) {
            let bytes = versions[turn % versions.count]
            if style == .inPlace {
                let file = open(home("plugins/a/lib.so"), O_WRONLY | O_CLOEXEC)
                _ = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
                ftruncate(file, off_t(bytes.count))
                close(file)
            } else {
                try? home.write("plugins/a/lib.so", bytes)
            }
            turn += 1
        }
        hasEnded.store(true, ordering: .sequentiallyConsistent)
    }
}
