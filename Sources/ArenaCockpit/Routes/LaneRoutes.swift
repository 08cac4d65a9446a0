import ArenaJSON
import Hummingbird

extension RouteTable {
    /// The lanes that there are.
    static func lanes(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/lanes", "Every lane, and what is wrong with the file that names them.") { request in
                let page = try ListPage(request, known: [])
                let (lanes, problem) = try await backend.lanes()
                var members = page.document("lanes", of: lanes, sortedBy: ["id"]).object ?? [:]
                members["problem"] = problem
                return Reply.json(.object(members))
            }
        ]
    }
}
