package import ArenaJSON

extension Presentation {
    /// `arena rubric list`: one row a rubric.
    package static func rubricList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No rubrics. Put one into ARENA_HOME/rubrics.\n" }
        var table = TextTable([
            .init("ID"), .init("TITLE"), .init("CHECKS", isNumeric: true), .init("FROM"), .init("STATE"),
            .init("REASON"),
        ])
        for rubric in elements {
            let state = plain(rubric["state"])
            table.add([
                Cell(plain(rubric["id"])), Cell(plain(rubric["title"])),
                Cell(state == "ready" ? String(rubric["checks"]?.array?.count ?? 0) : ""),
                Cell(plain(rubric["plugin"])), Cell(state, role(ofState: state)),
                Cell(plain(rubric["reason"]).shortened(to: 120)),
            ])
        }
        return table.text(style)
    }

    /// `arena rubric show`: what it is, and its checks with their reasons.
    package static func rubric(_ rubric: JSONValue, _ style: TextStyle) -> String {
        var text = "\(style(plain(rubric["title"]).printable, .heading))  \(plain(rubric["id"]).printable)\n"
        let description = plain(rubric["description"]).printable
        if !description.isEmpty { text += description + "\n" }
        var table = TextTable([.init("CHECK"), .init("BY"), .init("WEIGHT", isNumeric: true), .init("WHY")])
        for check in rubric["checks"]?.array ?? [] {
            table.add([
                Cell(plain(check["name"])), Cell(plain(check["kind"])), Cell(weight(check["weight"])),
                Cell(plain(check["why"])),
            ])
        }
        return text + "\n" + table.text(style)
            + "\n\(style("from", .quiet)) \(plain(rubric["plugin"]).printable) \(plain(rubric["version"]).printable)\n"
    }

    /// `arena rubric check`: a line and a hint for each fault.
    package static func rubricFaults(_ document: JSONValue, _ style: TextStyle) -> String {
        let file = plain(document["file"]).printable
        let faults = document["faults"]?.array ?? []
        guard !faults.isEmpty else { return "\(style("ok", .good))  \(file): nothing is wrong\n" }
        return faults.map { fault($0, in: file, style) }.joined()
    }

    /// What is wrong at one place of a rubric's file, and the cure.
    static func fault(_ fault: JSONValue, in file: String, _ style: TextStyle) -> String {
        var place = file
        if let line = fault["line"]?.int { place += ":\(line):\(fault["column"]?.int ?? 1)" }
        let hint = fault["hint"]?.string.map { "\(style("hint:", .attention)) \($0.printable)\n" } ?? ""
        return "\(style("error:", .bad)) \(place): \(plain(fault["message"]).printable)\n\(hint)"
    }

    /// How often each check of a rubric held; empty when there was none.
    static func checkRates(_ checks: [JSONValue], _ style: TextStyle) -> String {
        guard !checks.isEmpty else { return "" }
        var table = TextTable([
            .init("CHECK"), .init("BY"), .init("WEIGHT", isNumeric: true), .init("HELD", isNumeric: true),
            .init("FAILED", isNumeric: true), .init("LEFT OUT", isNumeric: true), .init("RATE", isNumeric: true),
            .init("WHY LEFT OUT"),
        ])
        for check in checks {
            let leftOut = check["n_left_out"]?.int ?? 0
            table.add([
                Cell(plain(check["name"])), Cell(plain(check["kind"])), Cell(weight(check["weight"])),
                Cell(plain(check["n_passed"])), Cell(plain(check["n_failed"])),
                Cell(leftOut > 0 ? String(leftOut) : ""), Cell(decimal(check["pass_rate"])),
                Cell(leftOut > 0 ? plain(check["left_out_why"]).printable.shortened(to: 60) : ""),
            ])
        }
        return heading("Checks", style) + table.text(style)
    }

    /// A whole number without its decimals.
    private static func weight(_ value: JSONValue?) -> String {
        guard let number = value?.double, number.isFinite, abs(number) < 1e9 else { return plain(value) }
        return number == number.rounded() ? String(Int(number)) : plain(value)
    }
}
