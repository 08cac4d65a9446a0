import Hummingbird

extension RouteTable {
    /// The page for people and the description for programs.
    static func page(_ assets: PageAssets) -> [Route] {
        [
            Route(.get, "/", "Leads to the page.") { request in
                _ = try request.query(known: [])
                return Reply.seeOther("arena/")
            },
            Route(.get, "/arena", "The cockpit's page.") { request in
                // Relative addresses work below any prefix, but only from the folder.
                guard request.path.hasSuffix("/") else { return Reply.seeOther("arena/") }
                guard let index = assets.index else { throw CockpitError.noPage }
                return index.reply(to: request, caching: .ask)
            },
            Route(.get, "/arena/{version}/{file}", "A part of the page; the version is the hash of all parts.") {
                request in
                guard request.parameters["version"] == assets.version,
                    let file = request.parameters["file"].flatMap({ assets.files[$0] })
                else { throw CockpitError.noSuchRoute }
                return file.reply(to: request, caching: .forever)
            },
            Route(.get, "/openapi.json", "This description of every route (OpenAPI 3.1).") { request in
                _ = try request.query(known: [])
                guard let document = assets.openAPI else { throw CockpitError.noPage }
                return try document.file().reply(to: request, caching: .ask)
            },
        ]
    }
}
