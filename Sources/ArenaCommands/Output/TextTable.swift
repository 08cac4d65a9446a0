/// Rows under headings, in columns as wide as their widest cell.
package struct TextTable: Sendable {
    /// One column.
    package struct Column: Sendable {
        let title: String
        let isNumeric: Bool

        /// - Parameter isNumeric: numbers are aligned at their right end.
        package init(_ title: String, isNumeric: Bool = false) {
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    /// One cell: its text, made safe to print, and what its colour stands for.
    package struct Cell: Sendable, ExpressibleByStringInterpolation {
        let text: String
        let role: TextStyle.Role?

        package init(_ text: String, _ role: TextStyle.Role? = nil) {
            self.text = text.printable
            self.role = role
        }

        package init(stringLiteral value: String) { self.init(value) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty.
    package mutating func add(_ cells: [Cell]) {
        rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// The table, each line ended by a line feed. A column that is empty in every row is left out.
    package func text(_ style: TextStyle) -> String {
        let shown = columns.indices.filter { column in rows.contains { !$0[column].text.isEmpty } }
        let widths = shown.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].text.count) }
        }
        func line(_ cells: [Cell]) -> String {
            var line = ""
            for (position, column) in shown.enumerated() {
                let cell = cells[column]
                let isLast = position == shown.count - 1
                let padding = String(repeating: " ", count: widths[position] - cell.text.count)
                let decorated = style(cell.text, cell.role)
                line += columns[column].isNumeric ? padding + decorated : decorated + (isLast ? "" : padding)
                if !isLast { line += "  " }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }
        return line(columns.map { Cell($0.title, .heading) }) + rows.map(line).joined()
    }
}

/// Names and values below each other, the values aligned.
package struct TextFields: Sendable {
    private var fields: [(name: String, cell: TextTable.Cell)] = []

    package init() {}

    /// Adds a line, unless there is no value.
    package mutating func add(_ name: String, _ text: String?, _ role: TextStyle.Role? = nil) {
        if let text, !text.isEmpty { fields.append((name, TextTable.Cell(text, role))) }
    }

    package func text(_ style: TextStyle) -> String {
        let width = fields.reduce(0) { max($0, $1.name.count) }
        return fields.map { field in
            let padding = String(repeating: " ", count: width - field.name.count)
            return "\(style(field.name, .quiet))\(padding)  \(style(field.cell.text, field.cell.role))\n"
        }.joined()
    }
}
