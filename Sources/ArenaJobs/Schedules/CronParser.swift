/// What is wrong with a cron expression, and where.
package struct CronFault: Error, Hashable, Sendable {
    /// The character, counted from 1.
    package let column: Int
    package let message: String
}

extension CronExpression {
    /// Reads `minute hour day-of-month month day-of-week`, or one of `@hourly`, `@daily`, `@midnight`, `@weekly`,
    /// `@monthly`, `@yearly`, `@annually`.
    ///
    /// A field is a list, separated by commas, of `*`, `n`, `n-m`, each with `/step` if wanted; `n/step` goes on to the
    /// field's end. Months and days of the week may be their first three English letters; Sunday is 0 or 7; `L` is the
    /// last day of the month.
    package init(parsing text: String) throws(CronFault) {
        let fields = Self.fields(of: text)
        guard let first = fields.first else {
            throw CronFault(column: 1, message: "it is empty; five fields are needed")
        }
        if first.text.hasPrefix("@") {
            try self.init(macro: first, in: text, fields.count)
            return
        }
        guard fields.count == 5 else {
            let names = CronField.all.map(\.name).joined(separator: ", ")
            let column = fields.count > 5 ? fields[5].column : text.count + 1
            throw CronFault(column: column, message: "five fields are needed (\(names)), \(fields.count) were given")
        }
        try self.init(text, fields)
    }

    private init(_ text: String, _ fields: [FieldText]) throws(CronFault) {
        var sets: [CronSet] = []
        for (field, given) in zip(CronField.all, fields) { sets.append(try field.read(given)) }
        description = text
        (minutes, hours, days, months, weekdays) = (sets[0], sets[1], sets[2], sets[3], sets[4])
        meansLastDay = fields[2].text.split(separator: ",").contains { $0 == "L" || $0 == "l" }
        needsBothDays = fields[2].text.hasPrefix("*") || fields[4].text.hasPrefix("*")
        followsTheClock = fields[0].text.hasPrefix("*") || fields[1].text.hasPrefix("*")
        // From a year of which every 29 February on any weekday is near.
        guard next(afterLocal: 946_684_799) != nil else {
            throw CronFault(column: fields[2].column, message: "no such day ever comes")
        }
    }

    private init(macro: FieldText, in text: String, _ count: Int) throws(CronFault) {
        guard let meaning = Self.macros[macro.text.lowercased()] else {
            let known = Self.macros.keys.sorted().joined(separator: ", ")
            throw CronFault(column: macro.column, message: "there is no \(macro.text); there are \(known)")
        }
        guard count == 1 else {
            throw CronFault(column: macro.column, message: "\(macro.text) stands alone, without fields")
        }
        let fields = Self.fields(of: meaning).map { FieldText(text: $0.text, column: macro.column) }
        try self.init(text, fields)
    }

    private static let macros = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// The words of the text, with the column at which each begins.
    private static func fields(of text: String) -> [FieldText] {
        var fields: [FieldText] = []
        var word = ""
        var column = 1
        for character in text + " " {
            if character == " " || character == "\t" {
                if !word.isEmpty { fields.append(FieldText(text: word, column: column - word.count)) }
                word = ""
            } else {
                word.append(character)
            }
            column += 1
        }
        return fields
    }
}

/// One word of the expression.
private struct FieldText {
    let text: String
    let column: Int
}

/// One of the five fields: its range and its names.
private struct CronField {
    let name: String
    let range: ClosedRange<Int>
    /// The first stands for ``firstName``.
    var names: [String] = []
    var firstName = 0

    static let all = [
        CronField(name: "minute", range: 0...59), CronField(name: "hour", range: 0...23),
        CronField(name: "day of month", range: 1...31),
        CronField(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstName: 1),
        CronField(name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private var isWeekday: Bool { range.upperBound == 7 }
    private var isDay: Bool { range.upperBound == 31 }

    func read(_ field: FieldText) throws(CronFault) -> CronSet {
        var set = CronSet()
        var column = field.column
        for part in field.text.split(separator: ",", omittingEmptySubsequences: false) {
            // The last day is not a number: the expression keeps it for itself.
            if !(isDay && (part == "L" || part == "l")) { try insert(String(part), at: column, into: &set) }
            column += part.count + 1
        }
        return set
    }

    private func insert(_ part: String, at column: Int, into set: inout CronSet) throws(CronFault) {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let base = pieces[0]
        let step = pieces.count == 2 ? try step(pieces[1], at: column + base.count + 1) : nil
        let bounds = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var low = range.lowerBound
        var high = isWeekday ? 6 : range.upperBound
        if base != "*" {
            low = try number(bounds[0], at: column)
            if bounds.count == 2 {
                high = try number(bounds[1], at: column + bounds[0].count + 1)
                if isWeekday, high == 0, low > 0 { high = 7 }  // fri-sun
            } else if step == nil {
                high = low
            }
            high = max(high, bounds.count == 2 ? .min : low)
        }
        guard low <= high else {
            throw CronFault(column: column, message: "the range \(base) of the \(name) runs backwards")
        }
        for value in stride(from: low, through: high, by: step ?? 1) { set.insert(isWeekday ? value % 7 : value) }
    }

    private func step(_ text: String, at column: Int) throws(CronFault) -> Int {
        guard let step = Self.whole(text), step > 0 else {
            throw CronFault(column: column, message: "the step of the \(name) must be a number from 1, not \"\(text)\"")
        }
        return step
    }

    private func number(_ text: String, at column: Int) throws(CronFault) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return firstName + index }
        guard let number = Self.whole(text) else {
            let words = names.isEmpty ? "" : " or \(names[0])…\(names[names.count - 1])"
            throw CronFault(
                column: column,
                message: text.isEmpty
                    ? "the \(name) lacks a number"
                    : "the \(name) must be \(range.lowerBound)–\(range.upperBound)\(words), not \"\(text)\"")
        }
        guard range.contains(number) else {
            throw CronFault(
                column: column,
                message: "the \(name) must be \(range.lowerBound)–\(range.upperBound), not \(number)")
        }
        return number
    }

    /// Digits alone, at most nine: no sign, no spaces.
    private static func whole(_ text: String) -> Int? {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}
