import ArenaCore

/// What the decision who may talk to the server needs to know of a request.
struct RequestFacts: Sendable {
    var method = "GET"
    /// The `Host` header, `nil` when there is none or more than one.
    var host: String?
    var origin: String?
    /// `Sec-Fetch-Site`, which a page cannot forge.
    var fetchSite: String?
    var contentType: String?
    /// Whether a header says that a proxy passed the request on.
    var isForwarded = false
    /// What stands after `Bearer` in `Authorization`; an empty string for another scheme.
    var bearer: String?
    /// The session cookie of this server.
    var cookie: String?
}

/// Who may do what. Every local process and every web page that the operator visits can reach a loopback port, so the
/// port being local proves nothing by itself.
struct AccessPolicy: Sendable {
    /// What a route asks of its caller.
    enum Level: String, Sendable {
        /// Anyone on this machine; from elsewhere a token.
        case local
        /// The operator's token, always: the route widens rights.
        case `operator`
        /// Nobody's token: the route checks a credential of its own.
        case open
    }

    let listener: Listener
    let operatorToken: Secret
    let sessions: BrowserSessions

    /// Throws unless the request may go on to a route of this level. Returns whether it is the operator's.
    @discardableResult
    func admit(_ facts: RequestFacts, to level: Level) throws(CockpitError) -> Bool {
        let isOperator = try authenticate(facts)
        let comesFromElsewhere = !listener.isLoopback || listener.publicURL != nil || facts.isForwarded
        let needsToken =
            switch level {
            case .open: false
            case .local: comesFromElsewhere
            case .operator: true
            }
        if needsToken, !isOperator { throw .tokenNeeded }
        return isOperator
    }

    /// Throws unless the request is addressed to this server and, if it changes something, was not made by a foreign page.
    ///
    /// Comes before everything else, so that a foreign page learns nothing, not even which routes there are.
    func checkSource(_ facts: RequestFacts) throws(CockpitError) {
        guard let host = facts.host, listener.answers(to: host) else { throw .unknownHost }
        guard !isRead(facts) else { return }
        try checkPage(facts)
    }

    /// Throws for a request that a page of another origin made.
    func checkPage(_ facts: RequestFacts) throws(CockpitError) {
        guard let host = facts.host else { throw .unknownHost }
        if let origin = facts.origin, !listener.isOwn(origin: origin, hostHeader: host) { throw .foreignOrigin }
        // A browser sends this even where it leaves out Origin. Another port of localhost is "same-site": foreign.
        if let site = facts.fetchSite, site != "same-origin", site != "none" { throw .foreignOrigin }
    }

    /// Throws unless a request that changes something is declared as JSON. Comes once its route is known and before the
    /// route is asked, so that a method that the route does not take is told as such.
    func checkContent(_ facts: RequestFacts) throws(CockpitError) {
        guard !isRead(facts) else { return }
        // A form cannot send this type, and a script needs a preflight for it, which this server never grants.
        guard let type = facts.contentType, isJSON(type) else { throw .notJSON }
    }

    /// Whether the caller has proved to be the operator. A wrong token is refused even where none is needed.
    private func authenticate(_ facts: RequestFacts) throws(CockpitError) -> Bool {
        if let bearer = facts.bearer {
            guard operatorToken.matches(bearer) else { throw .tokenWrong }
            return true
        }
        // A cookie that is not known is one of an earlier start, so it counts as none.
        return facts.cookie.map(sessions.isKnown) ?? false
    }

    private func isRead(_ facts: RequestFacts) -> Bool { facts.method == "GET" || facts.method == "HEAD" }

    private func isJSON(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        return type.filter { $0 != " " && $0 != "\t" } == "application/json"
    }
}
