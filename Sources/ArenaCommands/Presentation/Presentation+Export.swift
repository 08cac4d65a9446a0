import ArenaCore
package import ArenaJSON
package import ArenaPluginHost

extension Presentation {
    /// `arena export --list`
    package static func exporterList(_ exporters: [JSONValue], _ style: TextStyle) -> String {
        guard !exporters.isEmpty else { return "No plugin that is ready provides an exporter.\n" }
        var table = TextTable([.init("exporter"), .init("plugin"), .init("version"), .init("what it writes")])
        for exporter in exporters {
            table.add(["id", "plugin", "version", "title"].map { .init(exporter[$0]?.string ?? "") })
        }
        return table.text(style)
    }

    /// `arena export EXPORTER`
    package static func export(_ report: ExportReport, _ style: TextStyle) -> String {
        var table = TextTable([.init("file"), .init("rows", isNumeric: true), .init("size", isNumeric: true)])
        for file in report.files { table.add([.init(file.name), .init("\(file.rows)"), .init("\(file.size)")]) }
        return table.text(style) + "\(report.path.printable)\n"
    }
}
