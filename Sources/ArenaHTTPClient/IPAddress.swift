import Glibc

/// An IPv4 or IPv6 address as its bytes in network order.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four or sixteen.
    package let bytes: [UInt8]

    /// - Returns: `nil` for text that is no address.
    package init?(_ text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: six) { Array($0) }
    }

    /// - Returns: `nil` for another family than IP, or when `length` bytes do not hold such an address.
    init?(_ address: UnsafePointer<sockaddr>, length: Int) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.networkBytes
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr.networkBytes
        default: return nil
        }
    }

    private init(four bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The IPv4 address that traffic to this one ends at: mapped, compatible, NAT64 and 6to4 addresses carry one.
    package var embedded: IPAddress? {
        guard bytes.count == 16 else { return nil }
        let zeros = bytes.prefix(10).allSatisfy { $0 == 0 }
        if zeros, bytes[10] == 0xFF, bytes[11] == 0xFF { return IPAddress(four: bytes[12...]) }
        // `::` and `::1` are addresses of their own.
        if zeros, bytes[10] == 0, bytes[11] == 0, bytes[12] != 0 { return IPAddress(four: bytes[12...]) }
        if bytes.starts(with: [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return IPAddress(four: bytes[12...]) }
        if bytes.starts(with: [0x20, 0x02]) { return IPAddress(four: bytes[2..<6]) }
        return nil
    }

    /// Whether the first `count` bits are those of `network`, an address of the same family.
    func isIn(_ network: [UInt8], _ count: Int) -> Bool {
        guard bytes.count == network.count else { return false }
        return (0..<count).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == network[bit / 8] & mask
        }
    }
}

extension in_addr {
    fileprivate var networkBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension in6_addr {
    fileprivate var networkBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}
