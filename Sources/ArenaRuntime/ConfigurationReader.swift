import ArenaCore
import ArenaJSON

/// Finds the strongest source of a setting and reads its value there.
struct ConfigurationReader {
    let file: ConfigurationFile
    let environment: [String: String]
    /// For paths in `arena.yaml`, which start at the home.
    let filePaths: ConfigurationPaths
    /// For paths in variables, which start at the working directory.
    let workingPaths: ConfigurationPaths

    init(file: ConfigurationFile, environment: [String: String], base: String) {
        self.file = file
        self.environment = environment
        filePaths = ConfigurationPaths(environment: environment, base: base)
        workingPaths = ConfigurationPaths(environment: environment)
    }

    func read<Value>(
        _ key: ConfigurationKey<Value>,
        flag: String? = nil
    ) throws(ConfigurationError) -> Setting<Value> {
        if let flag {
            let name = "--\(key.name)"
            return try read(flag, key, .flag(name))
        }
        // An empty variable counts as none: that is how a shell or a unit file takes one back.
        if let variable = key.variable, let text = environment[variable], !text.isEmpty {
            return try read(text, key, .environment(variable))
        }
        let pointer = JSONPointer(key.name.split(separator: ".").map(String.init))
        guard let value = file.value[pointer], !value.isNull else {
            return Setting(key: key.name, value: key.defaultValue, source: .default)
        }
        switch key.fromFile(value) {
        case .value(let parsed):
            return Setting(key: key.name, value: parsed, source: file.source(of: pointer))
        case .mismatch:
            throw .badValue(key.name, at: file.place(of: pointer), rule: key.rule, hint: key.hint)
        case .mismatchInside(let inner, let rule):
            let whole = JSONPointer(pointer.tokens + inner.tokens)
            let isAddress = inner.tokens.last == "base_url"
            throw .badValue(
                whole.settingName, at: file.place(of: whole), rule: rule,
                hint: isAddress ? "Write scheme, host and port; keys belong into `headers`." : key.hint)
        }
    }

    private func read<Value>(
        _ text: String,
        _ key: ConfigurationKey<Value>,
        _ source: ConfigurationSource
    ) throws(ConfigurationError) -> Setting<Value> {
        guard let value = key.fromText(text) else {
            let category: ErrorCategory = if case .flag = source { .invalidArgument } else { .failedPrecondition }
            throw .badValue(key.name, at: source.description, rule: key.rule, hint: key.hint, category: category)
        }
        return Setting(key: key.name, value: value, source: source)
    }
}

extension JSONPointer {
    /// How people write it: `lanes[0].id` for `/lanes/0/id`.
    var settingName: String {
        tokens.reduce("") { name, token in
            Int(token) == nil ? (name.isEmpty ? token : "\(name).\(token)") : "\(name)[\(token)]"
        }
    }
}
