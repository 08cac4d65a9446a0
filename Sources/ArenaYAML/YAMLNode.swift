import ArenaCore
import ArenaJSON

/// A value, where it stands, and what an alias to it costs.
struct YAMLNode: Sendable {
    var value: JSONValue
    var places: YAMLPlaces
    /// Levels of sequences and mappings: 0 for a scalar.
    var height = 0
    /// Bytes of its text and keys, and one for each node.
    var cost = 1
}

/// The place of a node and of its children, in the order of the value's elements or members.
struct YAMLPlaces: Sendable {
    var place: TextPlace
    var children: [YAMLPlaces] = []
    /// The place of each member's key; empty for anything but a mapping.
    var keys: [TextPlace] = []

    /// The place of what `pointer` leads to within `value`, whose places these are.
    ///
    /// - Parameter isKey: where the key stands whose value it is, rather than the value; what is no member has none.
    func place(of pointer: JSONPointer, in value: JSONValue, isKey: Bool = false) -> TextPlace? {
        var places = self
        var value = value
        var key: TextPlace?
        for token in pointer.tokens {
            let index: Int? =
                switch value {
                case .array: JSONPointer.index(token)
                case .object(let members): members.position(of: token)
                default: nil
                }
            guard let index, places.children.indices.contains(index) else { return nil }
            key = places.keys.indices.contains(index) ? places.keys[index] : nil
            value = value.object.map { $0[index].value } ?? value[index] ?? .null
            places = places.children[index]
        }
        return isKey ? key : places.place
    }
}
