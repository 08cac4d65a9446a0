import ArenaJSON
import ArenaJSONSchema
import ArenaPluginABI
import ArenaPluginHost

/// What a kind is made to work on: its examples, odd texts, and what its schema allows.
struct TestMaterial: Sendable {
    let kind: ProvidedKind
    let subject: ExaminedPlugin

    /// Valid for the schema, the smallest first.
    var samples: [JSONValue] { SchemaSamples(kind.schema, seed: subject.options.seed).valid(count: 6) }

    var config: JSONValue { samples.first ?? [:] }

    static let oddTexts = [
        "", " ", "A", "7", "The answer is 7.", "-1,234.5", "nul\0inside", "Straße İ ﬁ e\u{301}", "👩‍👩‍👧", "<think>7",
        "%s%n", "{\"a\":1}",
    ]

    static var oddItems: [ScoreItem] {
        oddTexts.enumerated().flatMap { index, output in
            [
                ScoreItem(itemID: "\(index)", output: output, references: ["7"]),
                ScoreItem(itemID: "\(index)-none", output: output),
                ScoreItem(
                    itemID: "\(index)-two", input: "?", output: output, references: ["A", output],
                    metaJSON: #"{"finish_reason":"length"}"#),
            ]
        }
    }

    var exampleItems: [ScoreItem] {
        subject.manifest.examples.filter { $0.scorer == kind.id }.enumerated().map { index, example in
            ScoreItem(
                itemID: "example-\(index)", input: example.input, output: example.output,
                references: example.references)
        }
    }

    /// Payloads or requests.
    var documents: [JSONValue] {
        switch kind.interface {
        case .jobKind: subject.options.documents + samples
        case .laneEngine: subject.options.documents + Self.requests
        default: []
        }
    }

    static let requests: [JSONValue] = [
        ["model": "any", "messages": [["role": "user", "content": "Say one word."]], "max_tokens": 8],
        ["messages": []], [:],
    ]

    /// As `arena-worker` reads it.
    var json: JSONValue { json(atMost: 30) }

    /// - Parameter count: of items and of documents.
    func json(atMost count: Int) -> JSONValue {
        let items = Array((exampleItems.prefix(6) + Self.oddItems).prefix(isGivenItems ? count : 0))
        return [
            "interface": .string(kind.interface.description), "kind": .string(kind.id),
            "config": .string(config.text()), "reentrant": .bool(kind.capabilities.isReentrant),
            "documents": .array(documents.prefix(count).map { .string($0.text()) }),
            "items": .array(items.map(\.json)), "special": special,
        ]
    }

    private var isGivenItems: Bool { [.scorer, .scorerAggregate, .rubric].contains(kind.interface) }

    /// What is of one interface alone, as its exercise in `arena-worker` reads it.
    private var special: JSONValue {
        switch kind.interface {
        case .laneCodec: CodecMaterial(subject: subject).json
        case .rubric: RubricMaterial(kind: kind, subject: subject).json
        case .exporter: ExportMaterial.json
        default: .null
        }
    }
}

extension ScoreItem {
    var json: JSONValue {
        [
            "id": .string(itemID), "input": .string(input), "output": .string(output),
            "references": .array(references.map(JSONValue.string)), "meta": .string(metaJSON),
        ]
    }

    init(json: JSONValue) {
        self.init(
            itemID: json["id"]?.string ?? "", input: json["input"]?.string ?? "",
            output: json["output"]?.string ?? "",
            references: (json["references"]?.array ?? []).compactMap(\.string), metaJSON: json["meta"]?.string ?? "")
    }
}
