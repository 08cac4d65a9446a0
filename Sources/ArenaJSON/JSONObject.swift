/// The members of a JSON object: unique keys in the order in which they were added.
///
/// Keys are told apart by their Unicode scalars. `==` ignores the order. Look-up is a scan in a small object and hashed
/// in a larger one; removing a member is linear.
package struct JSONObject: Sendable {
    private var members: [Member] = []
    /// Positions by key once there are more than ``scanLimit`` members; empty before.
    private var positions: [ScalarKey: Int] = [:]

    private static let scanLimit = 16

    /// An object without members.
    package init() {}

    /// Members in order; of members with the same key the first one's place and the last one's value stay.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The number of members.
    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    /// The keys in order.
    package var keys: [String] { members.map(\.key) }
    /// The values in the order of their keys.
    package var values: [JSONValue] { members.map(\.value) }

    /// The value of a key. Setting replaces the value in its place or adds a member at the end; setting `nil` removes.
    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): append(key, value)
            case (let position?, nil): remove(at: position)
            case (nil, nil): break
            }
        }
    }

    /// Whether there is a member with this key.
    package func contains(_ key: String) -> Bool { position(of: key) != nil }

    /// Adds a member at the end unless its key is taken.
    ///
    /// - Returns: whether it was added.
    mutating func appendIfNew(_ key: String, _ value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        append(key, value)
        return true
    }

    /// The place of a key in the order, from 0; `nil` if it is not there.
    package func position(of key: String) -> Int? {
        guard positions.isEmpty else { return positions[ScalarKey(text: key)] }
        return members.firstIndex { $0.key.hasSameScalars(as: key) }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
        if !positions.isEmpty {
            positions[ScalarKey(text: key)] = members.count - 1
        } else if members.count > Self.scanLimit {
            indexMembers()
        }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        positions = [:]
        if members.count > Self.scanLimit { indexMembers() }
    }

    private mutating func indexMembers() {
        positions.reserveCapacity(members.count * 2)
        for (position, member) in members.enumerated() { positions[ScalarKey(text: member.key)] = position }
    }

    private struct Member: Sendable {
        let key: String
        var value: JSONValue
    }

    /// A key that is hashed and compared by Unicode scalars.
    private struct ScalarKey: Hashable {
        let text: String

        static func == (a: Self, b: Self) -> Bool { a.text.hasSameScalars(as: b.text) }
        func hash(into hasher: inout Hasher) { text.hashScalars(into: &hasher) }
    }
}

extension JSONObject: RandomAccessCollection {
    package typealias Element = (key: String, value: JSONValue)

    package var startIndex: Int { 0 }
    package var endIndex: Int { members.count }

    /// The member at a position in the order.
    package subscript(position: Int) -> (key: String, value: JSONValue) {
        (members[position].key, members[position].value)
    }
}

extension JSONObject: Hashable {
    package static func == (a: JSONObject, b: JSONObject) -> Bool {
        guard a.count == b.count else { return false }
        for (index, member) in a.members.enumerated() {
            // Most equal objects have the same order, so the same position is tried before a look-up.
            if b.members[index].key.hasSameScalars(as: member.key) {
                guard b.members[index].value == member.value else { return false }
            } else {
                guard let other = b[member.key], other == member.value else { return false }
            }
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var memberHasher = Hasher()
            member.key.hashScalars(into: &memberHasher)
            memberHasher.combine(member.value)
            sum &+= memberHasher.finalize()
        }
        hasher.combine(members.count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
