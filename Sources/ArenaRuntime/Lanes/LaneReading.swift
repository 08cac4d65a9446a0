package import ArenaCore
import ArenaJSON
package import ArenaLanes
import Foundation

extension Configuration {
    /// The lanes that an `arena.yaml` names now, before them what every home has. Blocks while it reads the file.
    ///
    /// - Returns: or what is wrong with the file, with its place: as little of a bad file is taken as at a start.
    package static func lanes(ofFile path: String) -> Result<[LaneDefinition], Failure> {
        do throws(ConfigurationError) {
            let file = try ConfigurationFile(path: path)
            try file.checkKeys()
            let base = URL(filePath: path).deletingLastPathComponent().path
            let reader = ConfigurationReader(
                file: file, environment: ProcessInfo.processInfo.environment, base: base)
            let lanes = try reader.read(.lanes(reader))
            return .success(file.definitions(of: lanes.value))
        } catch {
            return .failure(Failure(error))
        }
    }
}

extension ConfigurationFile {
    /// Lanes of this file as the runtime takes them, before them what every home has.
    func definitions(of lanes: [LaneConfiguration]) -> [LaneDefinition] {
        let own = lanes.enumerated().map { index, lane in
            var definition = lane.definition
            let pointer = JSONPointer(["lanes", String(index), "config"])
            definition.places = LanePlaces(values: places(in: lane.config, at: pointer, below: ""))
            return definition
        }
        return (own.contains { $0.id == LaneDefinition.replay.id } ? [] : [.replay]) + own
    }

    /// The places of a value and of all that is in it, by their pointers below it.
    private func places(in value: JSONValue, at pointer: JSONPointer, below: String) -> [String: String] {
        var places = [below: place(of: pointer)]
        func add(_ inner: JSONValue, _ token: String) {
            let below = "\(below)/\(JSONPointer.escape(token))"
            places.merge(self.places(in: inner, at: pointer.appending(token), below: below)) { first, _ in first }
        }
        for (key, inner) in value.object ?? [:] { add(inner, key) }
        for (index, inner) in (value.array ?? []).enumerated() { add(inner, String(index)) }
        return places
    }
}
