import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// All that a plugin did in one exercise, in a form that is equal when the plugin did the same.
struct Performance: Sendable {
    /// A line a call: what was called, the status, the output.
    var lines: [String] = []
    var faults: [Fault] = []
    /// How much went into the sinks, by function: bytes, or pieces of an answer.
    var written: [String: Int] = [:]
    /// Why the last call failed, where an exercise keeps it.
    var failure: String?

    /// What differs from `plain`; `nil`: nothing.
    func difference(from plain: Performance) -> String? {
        for (now, then) in zip(lines, plain.lines) where now != then {
            return "\(now.prefix(160)) instead of \(then.prefix(160))"
        }
        return lines.count == plain.lines.count ? nil : "\(lines.count) calls instead of \(plain.lines.count)"
    }
}

/// Something that a kind of an interface is made to do from beginning to end, in which the host can bend its part.
protocol Exercise: Sendable {
    associatedtype Object: Sendable

    /// Makes the object; `nil` when the plugin refuses.
    func open(_ conditions: Conditions, _ performance: inout Performance) -> Object?
    /// Uses the object. Several threads at once may, where ``isReentrant``.
    func use(_ object: Object, _ conditions: Conditions, _ performance: inout Performance)
    func close(_ object: Object)
    var isReentrant: Bool { get }
    /// The sentence of the header by which several threads may use one object.
    var sharingRule: String { get }
    /// A test of what only this interface promises; `nil`: it has none of this name.
    ///
    /// - Parameter announce: told before each step what is about to be done.
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings?
}

extension Exercise {
    var sharingRule: String { "SCORER-2" }
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings? { nil }

    func perform(_ conditions: Conditions = Conditions()) -> Performance {
        var performance = Performance()
        if let object = open(conditions, &performance) {
            use(object, conditions, &performance)
            close(object)
        }
        return performance
    }
}

/// An object of the plugin's.
struct ForeignObject: @unchecked Sendable {
    // The plugin's own; the exercises keep to the thread rules that the header states.
    let pointer: UnsafeMutableRawPointer?
}

/// One call under conditions: what is lent for it, and what it leaves.
struct Trial {
    let call: BentCall
    let loan: Loan
    let table: UnsafePointer<arena_call>
    private let announce: (@Sendable (String) -> Void)?

    init(_ conditions: Conditions) {
        announce = conditions.announce
        call = BentCall(conditions)
        loan = Loan(conditions)
        table = call.table(in: loan)
    }

    /// Makes the call, takes back what was lent, and notes what was wrong with it.
    ///
    /// - Parameter input: what it works on, for people.
    func run(
        _ function: String, on input: String? = nil, _ performance: inout Performance,
        then read: () -> String = { "" }, _ body: () -> arena_status
    ) -> arena_status {
        announce?("`\(function)`" + (input.map { " with \($0)" } ?? ""))
        loan.seal()
        let status = withExtendedLifetime(call) { body() }
        let output = read()
        if let fault = loan.fault(in: function) { performance.faults.append(fault) }
        loan.end()
        performance.faults += call.faults(status, of: function)
        performance.lines.append("\(function): status \(status) \(output)")
        return status
    }

    /// As ``run(_:on:_:then:_:)``, for a function that writes a document.
    func run(
        _ function: String, writing rule: String?, _ conditions: Conditions, _ performance: inout Performance,
        compares: Bool = true, _ body: (UnsafePointer<arena_sink>) -> arena_status
    ) {
        let sink = BentSink(conditions, in: call)
        let table = sink.table(in: loan)
        let status = run(function, &performance) {
            compares ? String(decoding: sink.bytes, as: UTF8.self) : ""
        } _: {
            withExtendedLifetime(sink) { body(table) }
        }
        performance.written[function] = sink.bytes.count
        guard status == ARENA_OK, let rule, (try? JSONValue(parsing: sink.bytes)) == nil else { return }
        performance.faults.append(Fault(rule, "`\(function)` wrote what is no JSON document"))
    }
}

/// What a check gives a plugin to work on.
struct Material: Sendable {
    let interface: String
    let kind: String
    let config: String
    let items: [ScoreItem]
    /// Payloads of a job kind, requests to an engine.
    let documents: [String]
    let isReentrant: Bool
    /// What is of one interface alone, under names that its exercise knows.
    let special: JSONValue

    init?(_ text: String) {
        guard let json = try? JSONValue(parsing: text), let interface = json["interface"]?.string,
            let kind = json["kind"]?.string
        else { return nil }
        self.interface = interface
        self.kind = kind
        config = json["config"]?.string ?? "{}"
        items = (json["items"]?.array ?? []).map { item in
            ScoreItem(
                itemID: item["id"]?.string ?? "", input: item["input"]?.string ?? "",
                output: item["output"]?.string ?? "",
                references: (item["references"]?.array ?? []).compactMap(\.string),
                metaJSON: item["meta"]?.string ?? "")
        }
        documents = (json["documents"]?.array ?? []).compactMap(\.string)
        isReentrant = json["reentrant"]?.bool ?? false
        special = json["special"] ?? .null
    }
}
