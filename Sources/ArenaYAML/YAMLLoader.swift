import ArenaCore
import ArenaJSON

/// Builds the value of a stream of one document from its events. Lives within one call of `YAMLDocument.init(parsing:)`.
struct YAMLLoader: ~Copyable {
    private var events: YAMLEvents
    private let maxDepth: Int
    private let maxAliasBytes: Int
    /// Finished nodes by anchor; `nil` for an anchor whose node is still being read.
    private var anchors: [String: YAMLNode?] = [:]
    private var aliasBytes = 0

    init(events: consuming YAMLEvents, limits: YAMLLimits) {
        self.events = events
        maxDepth = min(limits.maxDepth, 100)
        // Far from overflow, whatever the limit says.
        maxAliasBytes = min(limits.maxAliasBytes, 1 << 40)
    }

    mutating func loadStream() throws(YAMLError) -> YAMLNode {
        var document: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd:
                return document ?? YAMLNode(value: .null, places: YAMLPlaces(place: TextPlace(line: 1, column: 1)))
            case .documentStart where document != nil:
                throw YAMLError(.unsupported, "a second document begins, expected one", at: event.place)
            case .streamStart, .documentStart, .documentEnd: break
            default: document = try loadNode(event, depth: 0)
            }
        }
    }

    /// Reads the node that begins with `event`, below `depth` open sequences and mappings.
    private mutating func loadNode(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        if case .alias(let name) = event.kind { return try followAlias(name, event.place, depth: depth) }
        if let anchor = event.anchor { anchors[anchor] = .some(nil) }
        let node =
            switch event.kind {
            case .sequenceStart: try loadSequence(event, depth: depth + 1)
            case .mappingStart: try loadMapping(event, depth: depth + 1)
            default: try loadScalar(event)
            }
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func loadSequence(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try checkStart(start, tag: YAMLTag.sequence, depth: depth)
        var elements: [JSONValue] = []
        var node = YAMLNode(value: .null, places: YAMLPlaces(place: start.place), height: 1)
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { break }
            let element = try loadNode(event, depth: depth)
            node.adopt(element)
            elements.append(element.value)
        }
        node.value = .array(elements)
        return node
    }

    private mutating func loadMapping(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try checkStart(start, tag: YAMLTag.mapping, depth: depth)
        var members = JSONObject()
        var node = YAMLNode(value: .null, places: YAMLPlaces(place: start.place), height: 1)
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { break }
            let key = try loadKey(event)
            guard !members.contains(key) else {
                throw YAMLError(.duplicateKey, "the key \(YAMLText.quoted(key)) is there twice", at: event.place)
            }
            let member = try loadNode(try events.next(), depth: depth)
            node.adopt(member)
            node.places.keys.append(event.place)
            node.cost += key.utf8.count
            members[key] = member.value
        }
        node.value = .object(members)
        return node
    }

    /// The text of a key, whatever value it would be: keys of JSON are strings.
    private mutating func loadKey(_ event: YAMLEvent) throws(YAMLError) -> String {
        if case .alias(let name) = event.kind {
            guard let key = try followAlias(name, event.place, depth: 0).value.string else {
                throw YAMLError(.unsupported, "a key must be text, found an alias to something else", at: event.place)
            }
            return key
        }
        guard case .scalar(let text, let isPlain) = event.kind else {
            throw YAMLError(.unsupported, "a key must be text, found a sequence or mapping", at: event.place)
        }
        if isPlain, text == "<<" {
            throw YAMLError(.unsupported, "the merge key `<<` is not part of YAML 1.2", at: event.place)
        }
        if isPlain, text.isEmpty { throw YAMLError(.unsupported, "a key must be text, found nothing", at: event.place) }
        if event.tag != nil {
            _ = try YAMLTag.resolve(text, isPlain: isPlain, tag: event.tag, at: event.place)
        }
        if let anchor = event.anchor {
            let places = YAMLPlaces(place: event.place)
            anchors[anchor] = YAMLNode(value: .string(text), places: places, cost: 1 + text.utf8.count)
        }
        return text
    }

    private func loadScalar(_ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        guard case .scalar(let text, let isPlain) = event.kind else {
            throw YAMLError(.syntax, "expected a value", at: event.place)
        }
        let value = try YAMLTag.resolve(text, isPlain: isPlain, tag: event.tag, at: event.place)
        return YAMLNode(value: value, places: YAMLPlaces(place: event.place), cost: 1 + text.utf8.count)
    }

    private mutating func followAlias(_ name: String, _ place: TextPlace, depth: Int) throws(YAMLError) -> YAMLNode {
        guard let anchored = anchors[name] else {
            throw YAMLError(.alias, "the alias \(YAMLText.quoted(name)) has no anchor before it", at: place)
        }
        guard var node = anchored else {
            throw YAMLError(.alias, "the alias \(YAMLText.quoted(name)) stands within its own anchor", at: place)
        }
        guard depth + node.height <= maxDepth else { throw tooDeep(place) }
        aliasBytes += node.cost
        guard aliasBytes <= maxAliasBytes else {
            throw YAMLError(.tooLarge, "aliases add more than \(maxAliasBytes) bytes", at: place)
        }
        node.places.place = place
        return node
    }

    private func checkStart(_ start: YAMLEvent, tag: String, depth: Int) throws(YAMLError) {
        if let given = start.tag, given != tag, given != "!" { throw YAMLTag.foreign(given, at: start.place) }
        guard depth <= maxDepth else { throw tooDeep(start.place) }
    }

    private func tooDeep(_ place: TextPlace) -> YAMLError {
        YAMLError(.tooDeep, "sequences and mappings are nested deeper than \(maxDepth)", at: place)
    }
}

extension YAMLNode {
    /// Adds a child's place, height and cost.
    fileprivate mutating func adopt(_ child: YAMLNode) {
        places.children.append(child.places)
        height = max(height, child.height + 1)
        cost += child.cost
    }
}
