/// A value of the configuration and where it came from.
package struct Setting<Value: Sendable>: Sendable {
    /// The dotted name in `arena.yaml`.
    package let key: String
    package let value: Value
    package let source: ConfigurationSource
}

extension Setting: Equatable where Value: Equatable {}

/// Where a value came from, strongest first.
package enum ConfigurationSource: Sendable, Hashable, CustomStringConvertible {
    /// The flag, such as `--port`.
    case flag(String)
    /// The variable, such as `ARENA_PORT`.
    case environment(String)
    /// The place in `arena.yaml`; lines and columns from 1.
    case file(String, line: Int, column: Int)
    case `default`

    package var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let name): name
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .default: "default"
        }
    }
}
