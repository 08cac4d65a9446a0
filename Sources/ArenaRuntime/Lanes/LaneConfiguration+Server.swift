import ArenaJSON
package import ArenaLanes

extension LaneConfiguration {
    /// Reads what a lane of `arena.yaml` says of its server.
    ///
    /// - Parameter paths: where a relative path starts.
    /// - Returns: where a value breaks a rule, and the rule to follow "must be"; `nil`: nowhere.
    mutating func readServer(_ element: JSONValue, _ paths: ConfigurationPaths) -> (place: JSONPointer, rule: String)? {
        if let value = element["base_url"] {
            guard let url = value.string, LaneEndpoint.fault(of: url) == nil else {
                let why = value.string.flatMap(LaneEndpoint.fault).map { "; \($0)" } ?? ""
                return (JSONPointer(["base_url"]), "an address such as http://127.0.0.1:8080\(why)")
            }
            baseURL = url
        }
        if let value = element["model"] {
            guard let name = value.string, !name.isEmpty else { return (JSONPointer(["model"]), "the name of a model") }
            model = name
        }
        if let value = element["timeout_ms"] {
            guard let limit = value.int, (1...86_400_000).contains(limit) else {
                return (JSONPointer(["timeout_ms"]), "a whole number from 1 to 86400000")
            }
            timeoutMilliseconds = limit
        }
        if let value = element["ca_file"] {
            guard let path = value.string, !path.isEmpty else {
                return (JSONPointer(["ca_file"]), "the path of a file of certificates")
            }
            certificateFile = paths.absolute(path)
        }
        guard let value = element["headers"] else { return nil }
        guard let members = value.object else { return (JSONPointer(["headers"]), "a mapping of names to texts") }
        for (name, value) in members {
            guard let text = value.string, Self.isHeader(name, text) else {
                return (
                    JSONPointer(["headers", name]),
                    "a header of one line, such as  Authorization: Bearer ${secret:NAME}"
                )
            }
            headers.append(LaneHeader(name, text))
        }
        return nil
    }

    /// Whether a header can be sent as it stands.
    package static func isHeader(_ name: String, _ value: String) -> Bool {
        let isName =
            (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
        return isName && value.utf8.count <= 8192 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// The lane as the runtime takes it.
    package var definition: LaneDefinition {
        LaneDefinition(
            id: id, type: type, title: title, config: config,
            endpoint: baseURL.map { url in
                LaneEndpoint(
                    url, headers: headers, timeout: timeoutMilliseconds.map { .milliseconds($0) },
                    certificateFile: certificateFile)
            },
            model: model)
    }
}
