import ArenaPluginABI

/// Answers of a given length, each with a reference; every second one is right.
struct Texts {
    let length: Int

    func text(_ index: Int) -> String {
        let head = "answer \(index % 2) "
        return head + String(repeating: "x", count: max(0, length - head.utf8.count))
    }

    func items(_ count: Int) -> [ScoreItem] {
        (0..<count).map { index in
            ScoreItem(itemID: "item-\(index)", input: "", output: text(index), references: [text(0)], metaJSON: "")
        }
    }
}
