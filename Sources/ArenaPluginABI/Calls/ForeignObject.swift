import ArenaCore
import Synchronization

/// A plugin's object, given back to the plugin [MEM-4] once that was asked for and no call uses it any more: whoever
/// makes a call holds the object until the call has returned.
///
/// One that nobody asked to give back stays the plugin's: it may be wedged in a call that will never return.
final class ForeignObject: @unchecked Sendable {
    // `pointer` is the plugin's; nothing is read through it here.
    let pointer: UnsafeMutableRawPointer?
    private let destroy: @Sendable (UnsafeMutableRawPointer) -> Void
    private let isGivenBack = Atomic(false)

    init(_ pointer: UnsafeMutableRawPointer?, destroy: @escaping @Sendable (UnsafeMutableRawPointer) -> Void) {
        self.pointer = pointer
        self.destroy = destroy
    }

    deinit {
        if isGivenBack.load(ordering: .acquiring), let pointer { destroy(pointer) }
    }

    fileprivate func giveBack() { isGivenBack.store(true, ordering: .releasing) }
}

/// Where the host keeps a ``ForeignObject`` until it gives it back.
final class ForeignObjectSlot: Sendable {
    private let slot: Mutex<ForeignObject?>

    init(_ object: ForeignObject) { slot = Mutex(object) }

    /// The object, to be held for as long as it is used.
    ///
    /// - Throws: `cancelled` once it was given back.
    func object() throws(CallFailure) -> ForeignObject {
        guard let object = slot.withLock({ $0 }) else {
            throw CallFailure(.cancelled, "The object was given back to its plugin.")
        }
        return object
    }

    /// Gives the object back, now or with the end of the last call that uses it. A second time does nothing.
    func giveBack() {
        let object = slot.withLock { slot in
            defer { slot = nil }
            return slot
        }
        object?.giveBack()
    }
}
