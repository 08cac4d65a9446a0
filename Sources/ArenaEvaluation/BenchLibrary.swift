import ArenaCore
import ArenaJSON
import ArenaYAML
import Crypto
import Foundation

/// The folders in which benches lie; an earlier one hides a bench of the same id in a later one.
///
/// All functions block: call them off the cooperative pool.
package struct BenchLibrary: Sendable {
    package let folders: [String]
    private static let largestFile = 256 << 20

    package init(folders: [String]) { self.folders = folders }

    /// The ids of all benches, sorted.
    package func ids() -> [String] {
        let names = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let ids = names.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.filter(Identifier.isName)
        return Set(ids).sorted()
    }

    /// The folder that a bench is read from; `nil` when there is none of that id.
    package func folder(of id: String) -> String? {
        Identifier.isName(id) ? folders.first { exists("\($0)/\(id).jsonl") } : nil
    }

    /// Reads a bench whole. Every row is checked: a bench with a bad row, or without any, is no bench.
    package func bench(_ id: String) throws(BenchError) -> Bench {
        guard let folder = folder(of: id) else { throw BenchError(id, .unknown(searched: folders, known: ids())) }
        let path = "\(folder)/\(id).jsonl"
        let rows = try read(path, id)
        let items = try items(rows, path: path, bench: id)
        guard !items.isEmpty else { throw BenchError(id, .empty(path: path)) }
        let metaPath = "\(folder)/\(id).meta.yaml"
        let metaBytes = exists(metaPath) ? try read(metaPath, id) : []
        let meta = try BenchMeta(metaBytes, path: metaPath, bench: id)
        var hash = SHA256()
        hash.update(data: rows)
        hash.update(data: metaBytes)
        return Bench(
            id: id, title: meta.title ?? id, scorer: meta.scorer, scorerConfig: meta.scorerConfig,
            maxTokens: meta.maxTokens, systemPrompt: meta.systemPrompt, instruction: meta.instruction,
            items: items, sha256: Identifier.hex(hash.finalize()))
    }

    private func items(_ bytes: [UInt8], path: String, bench: String) throws(BenchError) -> [BenchItem] {
        var items: [BenchItem] = []
        var lines: [String: Int] = [:]
        var number = 0
        for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if row.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            func fail(_ what: String, _ cure: String) -> BenchError {
                BenchError(bench, .badRow(path: path, line: number, what: what, cure: cure))
            }
            let value: JSONValue
            do { value = try JSONValue(parsing: Array(row)) } catch {
                throw fail("is no JSON: \(error.message)", "Write one JSON object a line.")
            }
            let item: BenchItem
            do { item = try BenchItem(row: value, fallbackID: "\(bench)-\(number)") } catch {
                throw fail(error.message, error.hint)
            }
            if let first = lines.updateValue(number, forKey: item.id) {
                throw fail("has the id \(item.id) of line \(first)", "Give each row an id of its own.")
            }
            items.append(item)
        }
        return items
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func read(_ path: String, _ bench: String) throws(BenchError) -> [UInt8] {
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= Self.largestFile else {
                throw BenchError(bench, .unreadable(path: path, reason: "it has more than 256 MiB"))
            }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let error as BenchError {
            throw error
        } catch {
            throw BenchError(bench, .unreadable(path: path, reason: error.localizedDescription))
        }
    }
}
