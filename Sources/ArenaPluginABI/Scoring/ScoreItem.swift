/// One answer to judge.
package struct ScoreItem: Hashable, Sendable {
    package var itemID: String
    /// The question as it was put; may be empty.
    package var input: String
    /// The answer.
    package var output: String
    /// The gold answers; may be empty.
    package var references: [String]
    /// A JSON object of the item, or empty.
    package var metaJSON: String

    package init(itemID: String, input: String = "", output: String, references: [String] = [], metaJSON: String = "") {
        self.itemID = itemID
        self.input = input
        self.output = output
        self.references = references
        self.metaJSON = metaJSON
    }
}
