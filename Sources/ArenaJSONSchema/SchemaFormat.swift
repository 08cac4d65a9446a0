/// The formats that can be asserted.
enum SchemaFormat {
    /// Whether text has a format; every text has an unknown one.
    static func accepts(_ text: String, as name: String) -> Bool {
        switch name {
        case "date": isDate(text)
        case "time": isTime(text)
        case "date-time": isDateTime(text)
        case "email": isEmail(text)
        case "hostname": isHostname(text)
        case "ipv4": isIPv4(text)
        case "ipv6": isIPv6(text)
        case "uri": isURI(text)
        case "uuid": matches(text, "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
        case "json-pointer": matches(text, "^(/([^~/]|~[01])*)*$")
        case "regex": (try? SchemaPattern(text)) != nil
        default: true
        }
    }

    /// RFC 3339, section 5.6, with the days of each month.
    private static func isDate(_ text: String) -> Bool {
        guard matches(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$") else { return false }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return false }
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    private static func isTime(_ text: String) -> Bool {
        matches(
            text,
            "^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")
    }

    private static func isDateTime(_ text: String) -> Bool {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == "t" }
        return parts.count == 2 && isDate(String(parts[0])) && isTime(String(parts[1]))
    }

    private static func isEmail(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        let local = String(text[..<at])
        return matches(local, "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
            && isHostname(String(text[text.index(after: at)...]))
    }

    private static func isHostname(_ text: String) -> Bool {
        text.utf8.count <= 253
            && matches(
                text, "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$")
    }

    private static func isIPv4(_ text: String) -> Bool {
        let byte = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
        return matches(text, "^\(byte)(\\.\(byte)){3}$")
    }

    /// RFC 4291, section 2.2.
    private static func isIPv6(_ text: String) -> Bool {
        var halves: [String] = []
        if let gap = text.range(of: "::") {
            halves = [String(text[..<gap.lowerBound]), String(text[gap.upperBound...])]
        } else {
            halves = [text]
        }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            for (position, part) in parts.enumerated() {
                let isLast = index == halves.count - 1 && position == parts.count - 1
                if isLast, isIPv4(part) {
                    groups += 2
                } else if matches(part, "^[0-9A-Fa-f]{1,4}$") {
                    groups += 1
                } else {
                    return false
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }

    private static func isURI(_ text: String) -> Bool {
        matches(text, "^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$")
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let pattern = try? SchemaPattern(pattern), case .match = pattern.find(in: text, deadline: .max) else {
            return false
        }
        return true
    }
}

extension String {
    /// The first place of `part`, found by Unicode scalars.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        let (text, part) = (unicodeScalars, part.unicodeScalars)
        for start in text.indices where text[start...].starts(with: part) {
            return start..<text.index(start, offsetBy: part.count)
        }
        return nil
    }
}
