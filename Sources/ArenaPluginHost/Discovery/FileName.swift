/// Which names a plugin's files may have.
enum FileName {
    /// Whether the name can be shown and written to a line of text: no control characters, no change of direction.
    static func isAcceptable(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            }
    }

    static func error(in folder: String) -> PluginError {
        PluginError(
            .unsafeFile, "\(folder) holds a file whose name is not UTF-8 or has invisible characters.",
            hint: "Rename it, or remove it from the plugin.")
    }
}
