package import ArenaJSON

extension Presentation {
    /// `arena job stats`: one row a kind.
    package static func jobStats(_ list: JSONValue, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("KIND"), .init("ENDED", isNumeric: true), .init("FAILED", isNumeric: true),
            .init("SKIPPED", isNumeric: true), .init("FAILURE RATE", isNumeric: true),
            .init("WAIT P50", isNumeric: true), .init("WAIT P95", isNumeric: true), .init("RUN P50", isNumeric: true),
            .init("RUN P95", isNumeric: true),
        ])
        for kind in list.array ?? [] {
            let rate = kind["failure_rate"]?.double
            table.add([
                Cell(plain(kind["kind"])), Cell(plain(kind["count"])), Cell(plain(kind["failed"])),
                Cell(plain(kind["skipped"])),
                Cell(rate.map { "\(decimal($0 * 100, 1)) %" } ?? "", (rate ?? 0) > 0 ? .attention : nil),
                Cell(span(kind["queued_ms"]?["p50"])), Cell(span(kind["queued_ms"]?["p95"])),
                Cell(span(kind["run_ms"]?["p50"])), Cell(span(kind["run_ms"]?["p95"])),
            ])
        }
        return table.isEmpty ? "No job has ended.\n" : table.text(style)
    }

    /// A length of time in milliseconds as people say it: `850 ms`, `12.3 s`, `4m 05s`, `2h 03m`, `3d 04h`.
    static func span(_ milliseconds: JSONValue?) -> String {
        guard let value = milliseconds?.double, value >= 0 else { return "" }
        if value < 999.5 { return "\(decimal(value, 0)) ms" }
        if value < 59_950 { return "\(decimal(value / 1000, 1)) s" }
        let seconds = Int((value / 1000).rounded())
        func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 3600 { return "\(seconds / 60)m \(pad(seconds % 60))s" }
        if seconds < 86_400 { return "\(seconds / 3600)h \(pad(seconds / 60 % 60))m" }
        return "\(seconds / 86_400)d \(pad(seconds / 3600 % 24))h"
    }
}
