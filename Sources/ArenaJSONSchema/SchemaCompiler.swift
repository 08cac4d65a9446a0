import ArenaJSON

/// Turns a schema document into a ``SchemaProgram``: first every subschema in its place, then the references.
///
/// A class, so that the readers of keywords add to one program instead of copying it.
final class SchemaCompiler {
    static let draft = "https://json-schema.org/draft/2020-12/schema"

    let document: JSONValue
    var program = SchemaProgram()
    private var nodeByPointer: [String: Int] = [:]
    private var resources: [Resource] = []
    private var resourceByURI: [URIReference: Int] = [:]
    private var pending: [PendingReference] = []

    /// A schema with an identifier of its own, or the root.
    private struct Resource {
        let uri: URIReference
        let pointer: JSONPointer
        var anchors: [String: Int] = [:]
    }

    /// A reference that waits until all identifiers are known.
    private struct PendingReference {
        let node: Int
        /// Its index in the keywords of the node.
        let keyword: Int
        let uri: URIReference
        let isDynamic: Bool
        let pointer: JSONPointer
    }

    static func compile(_ document: JSONValue) throws(JSONSchemaError) -> SchemaProgram {
        let compiler = SchemaCompiler(document: document)
        compiler.addResource(URIReference("json-schema:///"), at: JSONPointer())
        _ = try compiler.add(document, at: JSONPointer(), resource: 0)
        try compiler.resolvePending()
        try compiler.refuseEndlessReferences()
        return compiler.program
    }

    private init(document: JSONValue) { self.document = document }

    // MARK: Subschemas

    /// Compiles a subschema and everything below it.
    func add(_ schema: JSONValue, at pointer: JSONPointer, resource: Int) throws(JSONSchemaError) -> Int {
        let place = pointer.description
        guard pointer.tokens.count <= 100 else { throw JSONSchemaError(.invalid, "it is nested too deeply", at: place) }
        let index = program.nodes.count
        guard case .object(let keywords) = schema else {
            guard let isTrue = schema.bool else {
                let found = SchemaTypes.word(for: schema)
                throw JSONSchemaError(.invalid, "a schema is an object or a boolean, found \(found)", at: place)
            }
            program.nodes.append(SchemaNode(pointer: place, resource: resource, isFalse: !isTrue))
            nodeByPointer[place] = index
            return index
        }
        let resource = try identify(keywords, node: index, at: pointer, resource: resource)
        program.nodes.append(SchemaNode(pointer: place, resource: resource))
        nodeByPointer[place] = index
        var reader = SchemaKeywordReader(keywords: keywords, pointer: pointer, resource: resource, compiler: self)
        let compiled = try reader.read()
        program.nodes[index].keywords = compiled
        try addReferences(of: keywords, node: index, at: pointer, resource: resource)
        return index
    }

    // MARK: Identifiers

    private func addResource(_ uri: URIReference, at pointer: JSONPointer) {
        resourceByURI[uri] = resources.count
        resources.append(Resource(uri: uri, pointer: pointer))
        program.dynamicAnchors.append([:])
    }

    /// Notes `$schema`, `$id`, `$anchor` and `$dynamicAnchor`.
    ///
    /// - Returns: the resource that the subschema belongs to.
    private func identify(
        _ keywords: JSONObject, node: Int, at pointer: JSONPointer, resource outer: Int
    ) throws(JSONSchemaError) -> Int {
        if let draft = try text("$schema", in: keywords, at: pointer),
            draft != Self.draft, draft != Self.draft + "#"
        {
            let place = pointer.appending("$schema").description
            throw JSONSchemaError(.unsupportedDraft, "only \(Self.draft) is supported", at: place)
        }
        var resource = outer
        if let id = try text("$id", in: keywords, at: pointer) {
            let place = pointer.appending("$id").description
            var uri = URIReference(id).resolved(against: resources[outer].uri)
            guard (uri.fragment ?? "").isEmpty else {
                throw JSONSchemaError(.invalid, "an identifier has no fragment", at: place)
            }
            uri.fragment = nil
            if pointer.tokens.isEmpty {
                // The root keeps one resource, now with its own name.
                resources[0] = Resource(uri: uri, pointer: pointer)
                resourceByURI = [uri: 0]
            } else {
                guard resourceByURI[uri] == nil else {
                    throw JSONSchemaError(.invalid, "the identifier \(uri) is there twice", at: place)
                }
                resource = resources.count
                addResource(uri, at: pointer)
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = try text(keyword, in: keywords, at: pointer) else { continue }
            let place = pointer.appending(keyword).description
            guard Self.isAnchor(name) else {
                throw JSONSchemaError(.invalid, "this is no name of an anchor", at: place)
            }
            guard resources[resource].anchors.updateValue(node, forKey: name) ?? node == node else {
                throw JSONSchemaError(.invalid, "the anchor \(name) is there twice", at: place)
            }
            if keyword == "$dynamicAnchor" { program.dynamicAnchors[resource][name] = node }
        }
        return resource
    }

    private static func isAnchor(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        }
        return isLetter(first)
            && name.utf8.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x2E }
    }

    private func text(
        _ keyword: String, in keywords: JSONObject, at pointer: JSONPointer
    ) throws(JSONSchemaError) -> String? {
        guard let value = keywords[keyword] else { return nil }
        guard let text = value.string else {
            let found = SchemaTypes.word(for: value)
            throw JSONSchemaError(
                .invalid, "expected a string, found \(found)", at: pointer.appending(keyword).description)
        }
        return text
    }

    // MARK: References

    private func addReferences(
        of keywords: JSONObject, node: Int, at pointer: JSONPointer, resource: Int
    ) throws(JSONSchemaError) {
        for (keyword, isDynamic) in [("$ref", false), ("$dynamicRef", true)] {
            guard let reference = try text(keyword, in: keywords, at: pointer) else { continue }
            // References assert in place, so they come before `unevaluated*`.
            let position = program.nodes[node].keywords.firstIndex(where: \.isUnevaluated)
            let index = position ?? program.nodes[node].keywords.count
            program.nodes[node].keywords.insert(.reference(-1), at: index)
            let uri = URIReference(reference).resolved(against: resources[resource].uri)
            pending.append(
                PendingReference(
                    node: node, keyword: index, uri: uri, isDynamic: isDynamic, pointer: pointer.appending(keyword)))
        }
    }

    /// Resolves all references; one to a place that no keyword declares compiles that place, which may add more.
    private func resolvePending() throws(JSONSchemaError) {
        while let reference = pending.popLast() {
            let (target, anchor) = try resolve(reference)
            let keyword: SchemaKeyword =
                if reference.isDynamic, let anchor,
                    program.dynamicAnchors[program.nodes[target].resource][anchor] == target
                {
                    .dynamicReference(anchor: anchor, initial: target)
                } else {
                    .reference(target)
                }
            program.nodes[reference.node].keywords[reference.keyword] = keyword
        }
    }

    /// The subschema that a reference means, and the anchor if it was named by one.
    private func resolve(
        _ reference: PendingReference
    ) throws(JSONSchemaError) -> (target: Int, anchor: String?) {
        let place = reference.pointer.description
        let unresolved = JSONSchemaError(
            .unresolvedReference, "\(reference.uri) is not in this document, and others are not fetched", at: place)
        var uri = reference.uri
        uri.fragment = nil
        guard let fragment = URIReference.percentDecoded(reference.uri.fragment ?? ""),
            let resource = resourceByURI[uri]
        else { throw unresolved }
        guard fragment.isEmpty || fragment.utf8.first == UInt8(ascii: "/") else {
            guard let target = resources[resource].anchors[fragment] else { throw unresolved }
            return (target, fragment)
        }
        guard let within = JSONPointer(fragment) else { throw unresolved }
        let pointer = JSONPointer(resources[resource].pointer.tokens + within.tokens)
        if let target = nodeByPointer[pointer.description] { return (target, nil) }
        guard let schema = document[pointer] else { throw unresolved }
        return (try add(schema, at: pointer, resource: resource), nil)
    }

    // MARK: Cycles

    /// Refuses schemas that apply themselves to the same value without end, such as `{"$ref": "#"}`.
    ///
    /// Dynamic references are looked at during validation, for their targets are only known there.
    private func refuseEndlessReferences() throws(JSONSchemaError) {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: program.nodes.count)
        for root in program.nodes.indices where marks[root] == .new {
            // Depth first with a stack of its own: chains of references may be long.
            var stack = [(node: root, next: program.nodes[root].inPlaceTargets)]
            marks[root] = .open
            while let top = stack.last {
                guard let target = top.next.last else {
                    marks[top.node] = .done
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next.removeLast()
                switch marks[target] {
                case .done: break
                case .new:
                    marks[target] = .open
                    stack.append((target, program.nodes[target].inPlaceTargets))
                case .open:
                    throw JSONSchemaError(
                        .endlessReference, "it refers to itself without going deeper into the value",
                        at: program.nodes[target].pointer)
                }
            }
        }
    }
}

extension SchemaKeyword {
    var isUnevaluated: Bool {
        switch self {
        case .unevaluatedItems, .unevaluatedProperties: true
        default: false
        }
    }
}

extension SchemaNode {
    /// The subschemas that are applied to the same value as this one.
    fileprivate var inPlaceTargets: [Int] {
        keywords.flatMap { keyword -> [Int] in
            switch keyword {
            case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): nodes
            case .not(let node), .reference(let node): [node]
            case .conditional(let test, let then, let otherwise): [test] + [then, otherwise].compactMap { $0 }
            case .dependentSchemas(let rules): rules.map(\.schema)
            default: []
            }
        }
    }
}
