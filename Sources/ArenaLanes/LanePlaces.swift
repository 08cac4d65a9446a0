/// Where a lane stands in the file that names it, for what is found wrong with it later.
package struct LanePlaces: Hashable, Sendable {
    /// `FILE:LINE:COLUMN` by the JSON pointer of a value in the lane's configuration; that of the whole is empty.
    package var values: [String: String]

    package init(values: [String: String]) { self.values = values }

    /// The place of a value; the nearest one around it where it has none of its own.
    package func place(of pointer: String) -> String? {
        var pointer = pointer[...]
        while true {
            if let place = values[String(pointer)] { return place }
            guard let slash = pointer.lastIndex(of: "/") else { return nil }
            pointer = pointer[..<slash]
        }
    }
}
