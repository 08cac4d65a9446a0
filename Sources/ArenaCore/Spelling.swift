/// How near two spellings are, to say what a misspelt name was meant to be.
package enum Spelling {
    /// How many letters must be added, left out or changed.
    package static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }

    /// The one of `names` that `name` was probably meant to be; `nil`: none is near.
    package static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let most = max(1, name.utf8.count / 4)
        let rated = names.map { ($0, distance(Array(name.utf8), Array($0.utf8))) }.filter { $0.1 <= most }
        return rated.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}
