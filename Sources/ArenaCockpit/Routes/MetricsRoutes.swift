import Hummingbird

extension RouteTable {
    /// Figures for Prometheus.
    static func metrics(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/metrics", "Figures of the queue and of this process, for Prometheus.") { request in
                _ = try request.query(known: [])
                let text = PrometheusText.render(try await backend.metrics())
                return Reply.text(text, type: PrometheusText.contentType)
            }
        ]
    }
}
