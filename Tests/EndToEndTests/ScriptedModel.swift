import ArenaTestSupport
import Synchronization

/// Answers as a server with one model does; `act` decides what becomes of each chat, by its number from 1.
final class ScriptedModel: Sendable {
    enum Act {
        case answer, die, hang
        case refuse(status: Int, body: String)
        /// Repeats the key that it was sent, in two pieces.
        case repeatKey
    }

    let count = Atomic(0)
    let act: @Sendable (Int) -> Act

    init(_ act: @escaping @Sendable (Int) -> Act = { _ in .answer }) { self.act = act }

    static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    func serve(_ request: StubServer.Request, _ peer: StubServer.Peer) -> Bool {
        switch request.path {
        case "/v1/models":
            peer.answer(#"{"object":"list","data":[{"id":"scripted","object":"model","owned_by":"me"}]}"#)
        case "/v1/chat/completions": return chat(request, peer)
        default: peer.answer("no", status: 404)
        }
        return true
    }

    private func chat(_ request: StubServer.Request, _ peer: StubServer.Peer) -> Bool {
        switch act(count.add(1, ordering: .relaxed).newValue) {
        case .answer:
            answer(["The answer", " is 7."], peer)
            return true
        case .repeatKey:
            let key = request.headers["authorization"] ?? "nothing"
            answer(["You sent \(key). The answer", " is 7."], peer)
            return true
        case .die:
            peer.send(Self.head)
            send(#"{"content":"The ans"}"#, "null", peer)
            return false
        case .refuse(let status, let body):
            peer.answer(body, status: status)
            return true
        case .hang:
            peer.waitForEnd()
            return false
        }
    }

    private func answer(_ texts: [String], _ peer: StubServer.Peer) {
        peer.send(Self.head)
        send(#"{"role":"assistant","content":null}"#, "null", peer)
        for text in texts { send(#"{"content":"\#(text)"}"#, "null", peer) }
        send("{}", #""stop""#, peer)
        piece(
            #"data: {"id":"1","model":"scripted","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}"#, peer
        )
        piece("data: [DONE]", peer)
        peer.send("0\r\n\r\n")
    }

    private func send(_ delta: String, _ reason: String, _ peer: StubServer.Peer) {
        piece(
            #"data: {"id":"1","object":"chat.completion.chunk","model":"scripted","choices":[{"index":0,"delta":"#
                + delta + #","finish_reason":"# + reason + "}]}", peer)
    }

    private func piece(_ line: String, _ peer: StubServer.Peer) {
        let text = line + "\n\n"
        peer.send(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
    }
}
