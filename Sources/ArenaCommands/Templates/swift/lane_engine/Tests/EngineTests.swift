import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct EngineTests {
    @Test func answersTheLastMessageThatHasText() {
        let request: JSONValue = [
            "messages": [["role": "user", "content": "one"], ["role": "user", "content": "two"], ["role": "user"]]
        ]
        #expect(Engine.lastMessage(of: request) == "two")
        #expect(Engine.lastMessage(of: ["messages": []]) == nil)
        #expect(Engine.lastMessage(of: [:]) == nil)
    }

    @Test(arguments: ["TWO WORDS", "", " ", "ONE  MORE "])
    func piecesAreTheWholeText(text: String) {
        #expect(Engine.pieces(of: text).joined() == text)
        #expect(Engine.pieces(of: text).allSatisfy { !$0.isEmpty })
    }
}
