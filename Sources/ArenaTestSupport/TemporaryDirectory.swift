import Foundation
package import Testing

/// Gives each test case a directory of its own, removed when the case ends.
///
///     @Suite(.temporaryDirectory) struct StoreTests {
///         @Test func opens() async throws {
///             let store = try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"))
package struct TemporaryDirectory: TestTrait, SuiteTrait, TestScoping {
    package let isRecursive = true

    @TaskLocal private static var current: URL?

    /// The absolute path of a file in the directory of the running test.
    ///
    /// - Throws: when the test does not have the trait.
    package static func path(_ name: String = "") throws -> String {
        struct TraitMissing: Error {}
        guard let current else { throw TraitMissing() }
        return name.isEmpty ? current.path : current.appending(path: name).path
    }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        let url = FileManager.default.temporaryDirectory.appending(path: "arena-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await Self.$current.withValue(url) { try await function() }
    }
}

extension Trait where Self == TemporaryDirectory {
    /// Gives each test case a directory of its own, removed when the case ends.
    package static var temporaryDirectory: Self { Self() }
}
