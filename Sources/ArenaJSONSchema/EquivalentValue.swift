import ArenaJSON

/// A value that is hashed and compared as ``JSONValue/isEquivalent(to:)`` does.
struct EquivalentValue: Hashable, Sendable {
    let value: JSONValue

    static func == (a: Self, b: Self) -> Bool { a.value.isEquivalent(to: b.value) }

    func hash(into hasher: inout Hasher) {
        switch value {
        case .number(let number):
            number.hashNumerically(into: &hasher)
        case .array(let elements):
            hasher.combine(elements.count)
            for element in elements { hasher.combine(EquivalentValue(value: element)) }
        case .object(let members):
            // Members are in any order, so their hashes are added.
            var sum = members.count
            for member in members {
                var memberHasher = Hasher()
                memberHasher.combine(JSONValue.string(member.key))
                memberHasher.combine(EquivalentValue(value: member.value))
                sum &+= memberHasher.finalize()
            }
            hasher.combine(sum)
        default: hasher.combine(value)
        }
    }
}
