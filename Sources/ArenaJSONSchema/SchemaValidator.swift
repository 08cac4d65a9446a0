import ArenaCore
import ArenaJSON

/// One validation: walks a value and the program together. Belongs to one call on one thread.
///
/// A class, because debug builds copy a struct of this size into the stack frame of every method.
final class SchemaValidator {
    let program: SchemaProgram
    let options: JSONSchemaOptions
    /// What is left of the time for patterns.
    private var patternNanoseconds: UInt64
    private var issues: [SchemaIssue] = []
    /// The limit that ended this validation, if one did.
    private(set) var fault: SchemaIssue?
    /// Above 0 while only the outcome matters, as within `anyOf`.
    private var silence = 0
    private var steps = 0
    private var depth = 0
    private var path: [PathToken] = []
    /// The resources that evaluation went through, outermost first.
    private(set) var scope: [Int] = []
    private var openReferences: [(target: Int, pathCount: Int)] = []

    /// How deep evaluations may nest: what a stack of 512 KiB bears, also in a debug build.
    private static let maxDepth = 100

    /// A step from a value into one of its parts.
    enum PathToken {
        case key(String)
        case index(Int)
        /// From an object to the name of a property, which has no pointer of its own.
        case name
    }

    init(program: SchemaProgram, options: JSONSchemaOptions) {
        self.program = program
        self.options = options
        patternNanoseconds = options.patternTime.nanoseconds
    }

    func issues(of value: JSONValue) -> [SchemaIssue] {
        _ = evaluate(0, value)
        return fault.map { [$0] } ?? issues
    }

    // MARK: Evaluation

    /// Applies a subschema to a value at the current path.
    ///
    /// - Returns: what of the value was evaluated; `nil` if the value does not follow the subschema.
    func evaluate(_ index: Int, _ value: JSONValue) -> Evaluated? {
        guard mayEnter(index) else { return nil }
        let scopeCount = scope.count
        depth += 1
        if scope.last != program.nodes[index].resource { scope.append(program.nodes[index].resource) }
        var evaluated = Evaluated()
        let isValid = applyKeywords(of: index, to: value, &evaluated)
        scope.removeLast(scope.count - scopeCount)
        depth -= 1
        return isValid ? evaluated : nil
    }

    /// Whether limits and the schema `false` let a subschema be applied.
    private func mayEnter(_ index: Int) -> Bool {
        guard fault == nil else { return false }
        steps += 1
        if steps > options.maxSteps {
            end(index, "validation takes more than \(options.maxSteps) steps")
        } else if depth >= Self.maxDepth {
            end(index, "schema and value are nested too deeply together")
        } else if program.nodes[index].isFalse {
            report(index, nil, "nothing is allowed here")
        } else {
            return true
        }
        return false
    }

    private func applyKeywords(of index: Int, to value: JSONValue, _ evaluated: inout Evaluated) -> Bool {
        var isValid = true
        for keyword in program.nodes[index].keywords {
            // After a failure it is not known what would have been evaluated.
            if !isValid, keyword.isUnevaluated { break }
            if !apply(keyword, of: index, to: value, &evaluated) {
                isValid = false
                if stopsAtFirstFailure { break }
            }
        }
        return isValid
    }

    /// Applies a subschema to the value at the current path, or to a part of it, without reporting issues.
    func test(_ index: Int, _ value: JSONValue, in token: PathToken? = nil) -> Evaluated? {
        silence += 1
        defer { silence -= 1 }
        return if let token { evaluate(index, value, in: token) } else { evaluate(index, value) }
    }

    /// Applies a subschema to a part of the value at the current path.
    func evaluate(_ index: Int, _ value: JSONValue, in token: PathToken) -> Evaluated? {
        path.append(token)
        defer { path.removeLast() }
        return evaluate(index, value)
    }

    /// Applies the target of a reference, unless that is what is already being done to this very value.
    func follow(_ target: Int, from index: Int, keyword: String, _ value: JSONValue) -> Evaluated? {
        guard !isFollowing(target) else {
            end(index, "the schema refers to itself without end", keyword)
            return nil
        }
        openReferences.append((target, path.count))
        defer { openReferences.removeLast() }
        return evaluate(target, value)
    }

    private func isFollowing(_ target: Int) -> Bool {
        for open in openReferences.reversed() {
            guard open.pathCount == path.count else { break }
            if open.target == target { return true }
        }
        return false
    }

    /// Looks for a pattern within what is left of the time for patterns.
    func search(_ pattern: SchemaPattern, in text: String) -> SchemaPattern.Outcome {
        let start = monotonicNanoseconds()
        let (deadline, overflow) = start.addingReportingOverflow(patternNanoseconds)
        defer { patternNanoseconds -= min(monotonicNanoseconds() - start, patternNanoseconds) }
        return pattern.find(in: text, deadline: overflow ? .max : deadline)
    }

    // MARK: Issues

    var isSilent: Bool { silence > 0 }

    var isFull: Bool { issues.count >= max(options.maxIssues, 1) }

    /// Notes an issue of the current value, or of its part `token`.
    ///
    /// - Parameter keyword: `nil` for the schema `false` itself.
    func report(
        _ index: Int, _ keyword: String?, _ message: @autoclosure () -> String, at token: PathToken? = nil
    ) {
        guard silence == 0, fault == nil, !isFull else { return }
        issues.append(issue(index, keyword, message(), at: token))
    }

    /// Ends the whole validation: its outcome can't be known.
    func end(_ index: Int, _ message: String, _ keyword: String? = nil) {
        if fault == nil { fault = issue(index, keyword, message, at: nil) }
    }

    private func issue(_ index: Int, _ keyword: String?, _ message: String, at token: PathToken?) -> SchemaIssue {
        var pointer = ""
        for step in path + (token.map { [$0] } ?? []) {
            switch step {
            case .key(let key): pointer += "/" + JSONPointer.escape(key)
            case .index(let index): pointer += "/\(index)"
            case .name: break
            }
        }
        let schema = program.nodes[index].pointer
        return SchemaIssue(
            instancePointer: pointer, keyword: keyword ?? "false",
            schemaPointer: keyword.map { "\(schema)/\($0)" } ?? schema, message: message)
    }
}

/// What of an array or object a subschema has evaluated, by position. Empty unless the program tracks it.
struct Evaluated {
    private(set) var positions: Set<Int> = []
    /// Whether it is everything.
    private(set) var isAll = false

    func contains(_ position: Int) -> Bool { isAll || positions.contains(position) }
    mutating func insert(_ position: Int) { if !isAll { positions.insert(position) } }
    mutating func insertAll() { isAll = true }

    mutating func merge(_ other: Evaluated) {
        if other.isAll { isAll = true }
        positions.formUnion(other.positions)
    }
}
