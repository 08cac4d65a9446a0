import ArenaJSON
import Hummingbird

extension RouteTable {
    /// Plugins and the kinds that they register.
    static func plugins(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/plugins", "Every plugin that was seen.") { request in
                let page = try ListPage(request, known: [])
                return Reply.json(page.document("plugins", of: try await backend.plugins(), sortedBy: ["id"]))
            },
            Route(.post, "/api/plugins/rescan", "Looks at the plugin directories now.") { request in
                _ = try request.object(known: [])
                return Reply.json(try await backend.rescanPlugins())
            },
            Route(.get, "/api/plugins/{id}", "One plugin, why it is not ready, and the cure.") { request in
                _ = try request.query(known: [])
                return Reply.json(try await backend.plugin(try request.name("id")))
            },
            Route(.post, "/api/plugins/{id}/trust", access: .operator, "Grants what a plugin asks for.") { request in
                let body = try request.object(known: ["sha256"])
                let sha256 = try body.text("sha256", length: 64...64)
                return Reply.json(try await backend.trustPlugin(try request.name("id"), sha256: sha256))
            },
            Route(.post, "/api/plugins/{id}/retry", "Forgets a plugin's failures and probes it anew.") { request in
                _ = try request.object(known: [])
                return Reply.json(try await backend.retryPlugin(try request.name("id")))
            },
            Route(.post, "/api/plugins/{id}/disable", access: .operator, "Takes a plugin out of use.") { request in
                _ = try request.object(known: [])
                return Reply.json(try await backend.disablePlugin(try request.name("id")))
            },
            Route(.get, "/api/kinds", "Every registered kind, of one interface if asked.") { request in
                let page = try ListPage(request, known: ["interface"])
                let kinds = try await backend.kinds(interface: page.filters["interface"])
                return Reply.json(page.document("kinds", of: kinds, sortedBy: ["interface", "id", "plugin"]))
            },
        ]
    }
}

/// A page of a list that is whole in memory: sorted, and continued after the last element of the page before, so that
/// elements that come and go between two requests shift nothing.
struct ListPage {
    let limit: Int
    let cursor: String?
    /// The query's other parameters.
    let filters: [String: String]

    init(_ request: RouteRequest, known: [String]) throws(CockpitError) {
        var query = try request.query(known: known + ["limit", "cursor"])
        limit = try query.integer("limit", in: 1...1000) ?? 200
        cursor = query.removeValue(forKey: "cursor")
        query["limit"] = nil
        filters = query
    }

    /// `{name: […], "next_cursor": text or null}`. The members named must be strings and together unique.
    func document(_ name: String, of elements: [JSONValue], sortedBy members: [String]) -> JSONValue {
        let keyed = elements.map { element in
            (key: members.map { element[$0]?.string ?? "" }.joined(separator: " "), element: element)
        }
        let rest = keyed.sorted { $0.key < $1.key }.filter { entry in cursor.map { entry.key > $0 } ?? true }
        let page = rest.prefix(limit)
        let next = rest.count > limit ? page.last.map { JSONValue.string($0.key) } : nil
        return .object([name: .array(page.map(\.element)), "next_cursor": next ?? .null])
    }
}
