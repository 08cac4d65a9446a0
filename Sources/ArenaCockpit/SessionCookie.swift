/// The cookie that stands for the operator's token in a browser.
struct SessionCookie: Sendable {
    let listener: Listener

    /// Cookies are shared by all ports of a host, so the port is part of the name.
    var name: String { "arena_\(listener.port ?? 0)" }

    /// The `Set-Cookie` field: no script reads it, no other site sends it, and it ends with the browser's session.
    func header(value: String) -> String {
        let secure = listener.publicURL?.scheme == "https" ? "; Secure" : ""
        return "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict\(secure)"
    }
}
