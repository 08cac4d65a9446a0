import ArenaPluginABI
import Synchronization

/// An object that the host asked for, under the number that the host gave it.
final class Instance: Sendable {
    enum Object: Sendable {
        case scorer(Scorer)
        case engine(LaneEngine)
        case codec(LaneCodec)
        case decoder(CodecDecoder)
        case rubric(Rubric)
    }

    let id: UInt64
    /// `nil` until it is made, and again once it is destroyed.
    let object = Mutex<Object?>(nil)
    fileprivate let queue = Gate<[Turn.Entry]>([])

    fileprivate init(id: UInt64) { self.id = id }
}

/// A call's place among the calls on one instance.
///
/// Places are given in the order in which calls arrive, so that a host may send `create` and the first `score` without
/// waiting in between. Calls on one object are never concurrent unless the interface says so.
struct Turn: Sendable {
    fileprivate struct Entry: Equatable, Sendable {
        let number: UInt64
        let isExclusive: Bool
    }

    let instance: Instance
    private let entry: Entry

    fileprivate init(_ instance: Instance, number: UInt64, isExclusive: Bool) {
        self.instance = instance
        entry = Entry(number: number, isExclusive: isExclusive)
        instance.queue.withLock { [entry] in $0.append(entry) }
    }

    /// Waits until the calls before it that exclude it have ended.
    func wait() {
        _ = instance.queue.wait(while: { [entry] entries in
            entries.prefix { $0 != entry }.contains { $0.isExclusive || entry.isExclusive }
        }) { _ in true }
    }

    func end() {
        instance.queue.update { [entry] entries in entries.removeAll { $0 == entry } }
    }
}

/// The objects that the host asked for.
final class InstanceTable: Sendable {
    private struct State {
        var instances: [UInt64: Instance] = [:]
        var lastTurn: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A place among the calls on an instance; `nil` when there is none of that number. With `creating` there must be
    /// none, and it begins.
    func turn(_ id: UInt64, isExclusive: Bool, creating: Bool) -> Turn? {
        state.withLock { state in
            if creating {
                guard state.instances[id] == nil else { return nil }
                state.instances[id] = Instance(id: id)
            }
            guard let instance = state.instances[id] else { return nil }
            state.lastTurn += 1
            return Turn(instance, number: state.lastTurn, isExclusive: isExclusive)
        }
    }

    /// The instance of a number, once the calls on it have begun.
    func instance(_ id: UInt64) -> Instance? { state.withLock { $0.instances[id] } }

    func remove(_ instance: Instance) {
        state.withLock { $0.instances[instance.id] = nil }
    }

    /// Destroys all that is left, when no call is in progress.
    func destroyAll() {
        let left = state.withLock { state in
            defer { state.instances = [:] }
            return Array(state.instances.values)
        }
        // [CODEC-6] A decoder has a greater number than its codec.
        for instance in left.sorted(by: { $0.id > $1.id }) { instance.destroy() }
    }
}

extension Instance {
    func destroy() {
        let object = object.withLock { object in
            defer { object = nil }
            return object
        }
        switch object {
        case .scorer(let scorer): scorer.destroy()
        case .engine(let engine): engine.destroy()
        case .codec(let codec): codec.destroy()
        case .decoder(let decoder): decoder.destroy()
        case .rubric(let rubric): rubric.destroy()
        case nil: break
        }
    }
}
