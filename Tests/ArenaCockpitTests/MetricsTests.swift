import ArenaCockpit
import Testing

/// Figures for Prometheus.
struct MetricsTests {
    @Test func writesAFamilyWithItsSeries() {
        let text = PrometheusText.render([
            MetricFamily("a_total", .counter, "What is\ncounted \\ here.", [.init(3, ["kind": "x"]), .init(0.5)]),
            MetricFamily("empty", .gauge, "Nothing.", []),
            MetricFamily(
                "h_seconds", .histogram, "How long.",
                [.init(1, ["le": "+Inf"], suffix: "_bucket"), .init(1.25, suffix: "_sum"), .init(1, suffix: "_count")]),
        ])
        #expect(
            text == #"""
                # HELP a_total What is\ncounted \\ here.
                # TYPE a_total counter
                a_total{kind="x"} 3
                a_total 0.5
                # HELP h_seconds How long.
                # TYPE h_seconds histogram
                h_seconds_bucket{le="+Inf"} 1
                h_seconds_sum 1.25
                h_seconds_count 1

                """#)
    }

    @Test(arguments: [
        (#"plain"#, #"plain"#), (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("ä €", "ä €"), ("", ""),
    ])
    func escapesTheValueOfALabel(value: String, written: String) {
        let text = PrometheusText.render([MetricFamily("m", .gauge, "h", [.init(1, ["l": value])])])
        #expect(text.hasSuffix("m{l=\"\(written)\"} 1\n"))
    }

    @Test(arguments: [
        (0.0, "0"), (-1, "-1"), (1e15, "1000000000000000"), (1.5, "1.5"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (1e300, "1e+300"), (1e-7, "1e-07"),
    ])
    func writesNumbersAsTheFormatHasThem(value: Double, written: String) {
        let text = PrometheusText.render([MetricFamily("m", .gauge, "h", [.init(value)])])
        #expect(text.hasSuffix("m \(written)\n"))
    }

    @Test func isServedAsTheFormatsOwnType() async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/metrics")
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(response.headers["cache-control"] == "no-store")
            #expect(
                String(decoding: response.body, as: UTF8.self) == #"""
                    # HELP stub_total What is counted.
                    # TYPE stub_total counter
                    stub_total{kind="a\"b"} 3

                    """#)
            #expect(await server.send("GET", "/metrics?name=x").status == 400)
            #expect(await server.send("POST", "/metrics", body: "{}").status == 405)
        }
    }
}
