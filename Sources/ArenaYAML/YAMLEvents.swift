import ArenaCore
import CYAML

/// One event of a YAML stream and where it begins.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        /// `isPlain`: neither quoted nor a block scalar.
        case scalar(text: String, isPlain: Bool)
        case alias(String)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }

    let kind: Kind
    let place: TextPlace
    var anchor: String?
    var tag: String?
}

/// The events of YAML text, one at a time, from libyaml.
struct YAMLEvents: ~Copyable {
    // libyaml keeps the address of its parser within the parser, so the parser lives on the heap and never moves.
    // It also keeps `bytes`, which the creator of this value keeps alive and unchanged for as long.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>

    /// - Parameter bytes: UTF-8 without a byte order mark; must outlive this value.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        self.bytes = bytes
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(.tooLarge, "there is no memory for a parser", at: TextPlace(line: 1, column: 1))
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. Not to be called after `streamEnd` or an error.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw parserError() }
        defer { yaml_event_delete(&event) }
        return Self.copy(event)
    }

    /// Copies everything out of an event that libyaml is about to free.
    private static func copy(_ event: yaml_event_t) -> YAMLEvent {
        let place = place(event.start_mark)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let kind = YAMLEvent.Kind.scalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return YAMLEvent(kind: kind, place: place, anchor: string(scalar.anchor), tag: string(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(kind: .sequenceStart, place: place, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(kind: .mappingStart, place: place, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(string(event.data.alias.anchor) ?? ""), place: place)
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, place: place)
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, place: place)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, place: place)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, place: place)
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, place: place)
        default: return YAMLEvent(kind: .streamEnd, place: place)
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private static func place(_ mark: yaml_mark_t) -> TextPlace {
        TextPlace(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private func parserError() -> YAMLError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
        if state.error == YAML_READER_ERROR {
            // The reader works on bytes, ahead of the scanner, and knows no line.
            return YAMLError(
                .syntax, problem, at: TextPlace(offset: Int(state.problem_offset), in: UnsafeRawBufferPointer(bytes)))
        }
        var reason = problem
        if let context = state.context {
            reason += " \(String(cString: context))"
            if state.context_mark.line != state.problem_mark.line {
                reason += " that begins at line \(state.context_mark.line + 1)"
            }
        }
        // At the end of a text without a final line feed libyaml is on a line that is not there.
        let end = TextPlace(offset: bytes.count, in: UnsafeRawBufferPointer(bytes))
        let place = Self.place(state.problem_mark)
        return YAMLError(.syntax, reason, at: place.line > end.line ? end : place)
    }
}
