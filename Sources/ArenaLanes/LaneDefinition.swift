package import ArenaJSON

/// A lane as it is configured: a name for a back end that answers.
package struct LaneDefinition: Hashable, Sendable {
    package var id: String
    /// The lane type: a kind's short or full name.
    package var type: String
    /// For people.
    package var title: String
    /// For the lane type; checked against its schema.
    package var config: JSONValue
    /// Where its server is; `nil` for a lane type that is its own.
    package var endpoint: LaneEndpoint?
    /// Asked for where a request names no model.
    package var model: String?
    /// Whether it came with Arena rather than from the configuration.
    package var isEmbedded: Bool
    /// Where it stands in the configuration; `nil` for one that is in no file.
    package var places: LanePlaces?

    package init(
        id: String, type: String, title: String, config: JSONValue = [:], endpoint: LaneEndpoint? = nil,
        model: String? = nil, isEmbedded: Bool = false, places: LanePlaces? = nil
    ) {
        self.id = id
        self.type = type
        self.title = title
        self.config = config
        self.endpoint = endpoint
        self.model = model
        self.isEmbedded = isEmbedded
        self.places = places
    }

    /// What a fresh home has: answers recorded from a real model, so that everything runs without one.
    package static let replay = LaneDefinition(
        id: "replay", type: "replay", title: "Recorded answers of a real model", isEmbedded: true)
}
