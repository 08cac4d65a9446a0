/// Which addresses a request may connect to.
///
/// The rule is asked about the address that a socket is about to be opened for, after the name was resolved, so that no
/// answer of a name server gets round it. Link-local addresses, those of the cloud's metadata services, multicast and
/// reserved ones are never connected to.
package struct AddressRule: Hashable, Sendable {
    /// 127.0.0.0/8 and ::1.
    package var allowsLoopback: Bool
    /// 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7 and fec0::/10.
    package var allowsPrivate: Bool

    package init(allowsLoopback: Bool = false, allowsPrivate: Bool = false) {
        self.allowsLoopback = allowsLoopback
        self.allowsPrivate = allowsPrivate
    }

    /// The internet alone.
    package static let publicOnly = AddressRule()
    /// The internet and this machine.
    package static let loopback = AddressRule(allowsLoopback: true)
    /// The internet, this machine and the local network.
    package static let local = AddressRule(allowsLoopback: true, allowsPrivate: true)

    /// Why an address may not be connected to, as words that follow "it is"; `nil` when it may.
    package func refusal(of address: IPAddress) -> String? {
        let kind = AddressKind(address)
        switch kind {
        case .open: return nil
        case .loopback: return allowsLoopback ? nil : kind.rawValue
        case .localNetwork: return allowsPrivate ? nil : kind.rawValue
        case .unspecified, .linkLocal, .metadata, .multicast, .reserved: return kind.rawValue
        }
    }
}

/// What an address is for; the raw value completes "it is".
package enum AddressKind: String, Hashable, Sendable {
    case open = "on the internet"
    case loopback = "a loopback address"
    case localNetwork = "an address of a private network"
    case unspecified = "an unspecified address"
    case linkLocal = "a link-local address"
    case metadata = "the address of a metadata service"
    case multicast = "a multicast address"
    case reserved = "a reserved address"

    package init(_ address: IPAddress) {
        if let embedded = address.embedded {
            self = AddressKind(embedded)
            return
        }
        let ranges = address.bytes.count == 4 ? Self.four : Self.six
        // The first range that fits decides. Outside of 2000::/3 nothing of IPv6 is in general use.
        let other: AddressKind = address.bytes.count == 4 ? .open : .reserved
        self = ranges.first { address.isIn($0.network, $0.bits) }?.kind ?? other
    }

    private struct Range {
        let network: [UInt8]
        let bits: Int
        let kind: AddressKind

        init(_ network: String, _ bits: Int, _ kind: AddressKind) {
            self.network = IPAddress(network)?.bytes ?? []
            self.bits = bits
            self.kind = kind
        }
    }

    private static let four = [
        Range("0.0.0.0", 8, .unspecified), Range("127.0.0.0", 8, .loopback),
        Range("169.254.169.254", 32, .metadata), Range("169.254.0.0", 16, .linkLocal),
        Range("100.100.100.200", 32, .metadata), Range("192.0.0.192", 32, .metadata),
        Range("168.63.129.16", 32, .metadata),
        Range("10.0.0.0", 8, .localNetwork), Range("172.16.0.0", 12, .localNetwork),
        Range("192.168.0.0", 16, .localNetwork), Range("100.64.0.0", 10, .localNetwork),
        Range("192.0.0.0", 24, .reserved), Range("192.0.2.0", 24, .reserved), Range("198.18.0.0", 15, .reserved),
        Range("192.88.99.0", 24, .reserved), Range("198.51.100.0", 24, .reserved), Range("203.0.113.0", 24, .reserved),
        Range("224.0.0.0", 4, .multicast), Range("240.0.0.0", 4, .reserved),
    ]

    private static let six = [
        Range("::", 128, .unspecified), Range("::1", 128, .loopback),
        Range("fe80::", 10, .linkLocal), Range("fd00:ec2::254", 128, .metadata),
        Range("fd20:ce::254", 128, .metadata),
        Range("fc00::", 7, .localNetwork), Range("fec0::", 10, .localNetwork), Range("ff00::", 8, .multicast),
        // Tunnels, documentation and benchmarks.
        Range("2001::", 23, .reserved), Range("2001:db8::", 32, .reserved), Range("3fff::", 20, .reserved),
        Range("2000::", 3, .open),
    ]
}
