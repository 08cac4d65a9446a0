import ArenaCore
import ArenaJobs
import ArenaStore

/// The queue as metrics. Counters and histograms are those of this process: they begin at 0 with it, as Prometheus
/// expects, and count what any process of the home does meanwhile.
struct JobMetricFamilies {
    let reading: JobMetrics.Reading
    /// Kinds that any series is about, so that one that has counted nothing yet stands at 0.
    private let kinds: [String]

    init(_ reading: JobMetrics.Reading) {
        self.reading = reading
        let (figures, counters) = (reading.figures, reading.counters)
        kinds = Set(
            figures.live.map(\.key.kind) + figures.stored.keys.map(\.kind) + counters.ended.keys.map(\.kind)
                + counters.attempts.keys.map(\.kind)
        ).sorted()
    }

    private var counters: JobCounters { reading.counters }

    var families: [MetricFamily] { standing + happened }

    /// How the queue stands.
    private var standing: [MetricFamily] {
        let figures = reading.figures
        var counts = figures.stored
        for live in figures.live { counts[live.key] = live.count }
        let waiting = Dictionary(
            figures.live.filter { $0.key.status == .queued }.map { ($0.key.kind, $0.dueSince) }
        ) { first, _ in first }
        return [
            MetricFamily(
                "arena_jobs", .gauge, "Jobs that are stored, by kind and status.",
                kinds.flatMap { kind in
                    JobStatus.allCases.map { status in
                        let count = counts[KindStatus(kind: kind, status: status)] ?? 0
                        return .init(Double(count), ["kind": kind, "status": status.rawValue])
                    }
                }),
            MetricFamily(
                "arena_jobs_oldest_waiting_seconds", .gauge,
                "How long the job has waited that is due and has waited longest; 0 where none is due.",
                kinds.map { kind in
                    let since = waiting[kind] ?? nil
                    let age = since.map { max(0, (reading.takenAt - $0) / .seconds(1)) } ?? 0
                    return .init(age, ["kind": kind])
                }),
            MetricFamily(
                "arena_job_leases", .gauge, "Attempts that have not ended.", [.init(Double(figures.leases))]),
            MetricFamily(
                "arena_job_kind_paused", .gauge, "1 for each kind that is paused.",
                figures.pausedKinds.map { .init(1, ["kind": $0]) }),
        ]
    }

    /// What happened since this process began to count.
    private var happened: [MetricFamily] {
        let ends: [JobStatus] = [.done, .failed, .skipped]
        return [
            MetricFamily(
                "arena_jobs_ended_total", .counter, "Jobs that ended, by kind and outcome.",
                kinds.flatMap { kind in
                    ends.map { end in
                        let count = counters.ended[KindStatus(kind: kind, status: end)] ?? 0
                        return .init(Double(count), ["kind": kind, "outcome": end.rawValue])
                    }
                }),
            byKind(
                "arena_jobs_poisoned_total", "Jobs that failed because they killed their worker or host too often.",
                counters.poisoned),
            MetricFamily(
                "arena_job_attempts_total", .counter, "Attempts that ended, by kind and outcome.",
                kinds.flatMap { kind in
                    AttemptEnd.allCases.map { end in
                        let count = counters.attempts[JobCounters.KindEnd(kind: kind, end: end)] ?? 0
                        return .init(Double(count), ["kind": kind, "outcome": end.rawValue])
                    }
                }),
            byKind("arena_job_retries_total", "Attempts that were begun after a job's first.", counters.retries),
            byKind(
                "arena_job_rescues_total", "Attempts that were taken from a host that died or fell silent.",
                Dictionary(
                    kinds.map { ($0, counters.attempts[JobCounters.KindEnd(kind: $0, end: .lost)] ?? 0) },
                    uniquingKeysWith: +)),
            MetricFamily(
                "arena_job_refusals_total", .counter, "Claims that were not let run, by reason.",
                counters.refusals.sorted { $0.key < $1.key }.map { .init(Double($0.value), ["source": $0.key]) }),
            histogram(
                "arena_job_queue_wait_seconds",
                "From the enqueueing of a job to its first start, a delay that was asked for included.",
                counters.waits),
            histogram(
                "arena_job_run_duration_seconds", "From the claim of an attempt to its end.", counters.runs),
        ]
    }

    private func byKind(_ name: String, _ help: String, _ counts: [String: Int]) -> MetricFamily {
        MetricFamily(name, .counter, help, kinds.map { .init(Double(counts[$0] ?? 0), ["kind": $0]) })
    }

    private func histogram(
        _ name: String, _ help: String, _ histograms: [String: DurationHistogram]
    ) -> MetricFamily {
        let samples = histograms.sorted { $0.key < $1.key }.flatMap { kind, histogram -> [MetricFamily.Sample] in
            let bounds = DurationHistogram.bounds.map(PrometheusText.number) + ["+Inf"]
            let counts = histogram.cumulative + [histogram.count]
            return zip(bounds, counts).map { bound, count in
                .init(Double(count), ["kind": kind, "le": bound], suffix: "_bucket")
            } + [
                .init(histogram.sum, ["kind": kind], suffix: "_sum"),
                .init(Double(histogram.count), ["kind": kind], suffix: "_count"),
            ]
        }
        return MetricFamily(name, .histogram, help, samples)
    }
}
