import ArenaYAML
import Foundation
import Testing

@Suite struct StackTests {
    @Test func theDeepestDocumentFitsAThreadOf512KiB() async throws {
        let text = String(repeating: "[{k: ", count: 50) + "1" + String(repeating: "}]", count: 50)
        let line: Int? = try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        let document = try YAMLDocument(parsing: text, limits: YAMLLimits(maxDepth: 100))
                        return document.position(of: String(repeating: "/0/k", count: 50))?.line
                    })
            }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(line == 1)
    }
}
