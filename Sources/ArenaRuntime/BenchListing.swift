import ArenaCore
import ArenaEvaluation
package import ArenaJSON
import ArenaPluginHost

extension ArenaRuntime {
    /// Every bench: `{id, title, items, scorer, source, state, reason?, hint?}`.
    ///
    /// `state` is `ok`, or `broken` with the reason: its files cannot be used, or its scorer or that one's configuration.
    package func benchList() async throws -> [JSONValue] {
        let library = benches
        let read = try await threads.call(within: .seconds(60)) { _ in
            library.ids().map { id in
                (
                    id: id, folder: library.folder(of: id),
                    bench: Result { () throws(BenchError) in try library.bench(id) }
                )
            }
        }
        var list: [JSONValue] = []
        for (id, folder, bench) in read {
            var members: JSONObject = [
                "id": .string(id), "title": .string(id), "items": .null, "scorer": .null,
                "source": folder.map(JSONValue.string) ?? .null, "state": "ok",
            ]
            do {
                let bench = try bench.get()
                members["title"] = .string(bench.title)
                members["items"] = JSONValue(bench.items.count)
                members["scorer"] = .string(bench.scorer)
                _ = try await scoring.scorer(bench.scorer, config: bench.scorerConfig)
            } catch {
                let failure = Failure(error)
                members["state"] = "broken"
                members["reason"] = .string(failure.message)
                members["hint"] = failure.hint.map(JSONValue.string)
            }
            list.append(.object(members))
        }
        return list
    }
}
