import ArenaHTTPClient
import Testing

@Suite struct AddressRuleTests {
    private static let kinds: [(String, AddressKind)] = [
        ("8.8.8.8", .open), ("1.1.1.1", .open), ("172.15.255.255", .open), ("172.32.0.0", .open),
        ("100.63.255.255", .open), ("100.128.0.0", .open), ("169.253.255.255", .open), ("223.255.255.255", .open),
        ("127.0.0.1", .loopback), ("127.255.255.255", .loopback),
        ("10.0.0.1", .localNetwork), ("172.16.0.1", .localNetwork), ("172.31.255.255", .localNetwork),
        ("192.168.0.1", .localNetwork), ("100.64.0.1", .localNetwork), ("100.127.255.255", .localNetwork),
        ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified),
        ("169.254.0.1", .linkLocal), ("169.254.255.255", .linkLocal),
        ("169.254.169.254", .metadata), ("100.100.100.200", .metadata), ("192.0.0.192", .metadata),
        ("168.63.129.16", .metadata),
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast),
        ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("192.0.2.1", .reserved), ("198.18.0.1", .reserved),
        ("198.51.100.7", .reserved), ("203.0.113.7", .reserved), ("192.0.0.8", .reserved),
        ("2606:4700:4700::1111", .open), ("2a00:1450:4001::1", .open), ("2001:4860:4860::8888", .open),
        ("::1", .loopback), ("::", .unspecified),
        ("fe80::1", .linkLocal), ("febf:ffff::1", .linkLocal), ("fec0::1", .localNetwork),
        ("fc00::1", .localNetwork), ("fdff:ffff::1", .localNetwork), ("fd00:ec2::254", .metadata),
        ("fd20:ce::254", .metadata), ("ff02::1", .multicast),
        ("2001:db8::1", .reserved), ("2001::1", .reserved), ("100::1", .reserved), ("4000::1", .reserved),
        ("64:ff9b:1::1", .reserved),
        // IPv4 inside of IPv6: mapped, compatible, NAT64, 6to4.
        ("::ffff:127.0.0.1", .loopback), ("::ffff:169.254.169.254", .metadata), ("::ffff:10.0.0.1", .localNetwork),
        ("::ffff:8.8.8.8", .open), ("::ffff:0.0.0.0", .unspecified), ("::127.0.0.1", .loopback),
        ("64:ff9b::10.0.0.1", .localNetwork), ("64:ff9b::8.8.8.8", .open), ("2002:7f00:1::", .loopback),
        ("2002:a9fe:a9fe::1", .metadata), ("2002:808:808::1", .open),
    ]

    @Test(arguments: kinds) func everyAddressHasItsKind(_ text: String, _ kind: AddressKind) throws {
        #expect(AddressKind(try #require(IPAddress(text))) == kind)
    }

    @Test(arguments: kinds) func onlyTheInternetIsOpenUnlessTheRuleSaysMore(_ text: String, _ kind: AddressKind) throws
    {
        let address = try #require(IPAddress(text))
        #expect((AddressRule.publicOnly.refusal(of: address) == nil) == (kind == .open))
        #expect((AddressRule.loopback.refusal(of: address) == nil) == [.open, .loopback].contains(kind))
        #expect(
            (AddressRule.local.refusal(of: address) == nil) == [.open, .loopback, .localNetwork].contains(kind))
        let network = AddressRule(allowsPrivate: true)
        #expect((network.refusal(of: address) == nil) == [.open, .localNetwork].contains(kind))
    }

    @Test func aRefusalSaysWhatTheAddressIs() throws {
        let address = try #require(IPAddress("169.254.169.254"))
        #expect(AddressRule.local.refusal(of: address) == "the address of a metadata service")
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "0x7f.1", "2130706433", "fe80::1%lo", "[::1]", "::g"])
    func whatIsNoAddressIsNone(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func anAddressPrintsInItsShortForm() throws {
        #expect(try #require(IPAddress("2001:0DB8:0::1")).description == "2001:db8::1")
        #expect(try #require(IPAddress("010.0.0.1") ?? IPAddress("10.0.0.1")).description == "10.0.0.1")
    }
}
