import ArenaJSON

/// What the scores of a run add up to. Holds sums only, so that it fits into a checkpoint.
struct Tally: Equatable {
    private(set) var scored = 0
    private(set) var infrastructure = 0
    private(set) var skipped = 0
    private(set) var passed = 0
    private(set) var reasons: [String: Int] = [:]
    private var sum = 0.0

    /// The scores of one item, which are not independent of each other: n answers with sum s.
    struct Cluster: Equatable {
        var sum = 0.0
        var scored = 0
        /// Answers that are through, scored or not.
        var finished = 0
    }

    /// Of the items with all their answers, and at least one score: how many, and the sums of s², s·n and n².
    private var clusters = 0
    private var sumOfSquares = 0.0
    private var sumOfProducts = 0.0
    private var sumOfCounts = 0.0
    /// Items that still wait for some of their repeats.
    private var open: [Int: Cluster] = [:]

    enum Outcome: Equatable {
        case scored(Double, pass: Bool)
        case skipped
        case infrastructure
    }

    mutating func add(_ outcome: Outcome, reason: String, item: Int, repeats: Int) {
        var cluster = open[item] ?? Cluster()
        cluster.finished += 1
        reasons[reason, default: 0] += 1
        switch outcome {
        case .scored(let value, let pass):
            scored += 1
            passed += pass ? 1 : 0
            sum += value
            cluster.sum += value
            cluster.scored += 1
        case .skipped: skipped += 1
        case .infrastructure: infrastructure += 1
        }
        open[item] = cluster.finished < repeats ? cluster : nil
        if cluster.finished >= repeats, cluster.scored > 0 { close(cluster) }
    }

    private mutating func close(_ cluster: Cluster) {
        let count = Double(cluster.scored)
        clusters += 1
        sumOfSquares += cluster.sum * cluster.sum
        sumOfProducts += cluster.sum * count
        sumOfCounts += count * count
    }

    /// The mean over all scores; `nil`: there is none.
    var mean: Double? { scored > 0 ? (sum / Double(scored)).rounded(toDecimals: 10) : nil }

    /// The standard error of the mean, clustered by item: with one answer an item s/√n, with more of them what repeats
    /// of the same question can tell. `nil` below two items.
    var standardError: Double? {
        guard clusters > 1 else { return nil }
        let mean = sum / Double(scored)
        let squares = max(0, sumOfSquares - 2 * mean * sumOfProducts + mean * mean * sumOfCounts)
        let correction = Double(clusters) / Double(clusters - 1)
        return ((correction * squares).squareRoot() / Double(scored)).rounded(toDecimals: 10)
    }

    /// Wilson's 95 % interval with one trial an item, which keeps its width when every answer is right or wrong; for
    /// scores between 0 and 1 it is on the wide side. `nil`: there is no score.
    var interval: ClosedRange<Double>? {
        guard let mean, clusters > 0 else { return nil }
        let z = 1.959963984540054
        let n = Double(clusters)
        let center = (mean + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (mean * (1 - mean) / n + z * z / (4 * n * n)).squareRoot()
        let low = max(0, (center - half).rounded(toDecimals: 10))
        return low...min(1, max(low, (center + half).rounded(toDecimals: 10)))
    }
}

extension Tally {
    var json: JSONValue {
        let pending = open.sorted { $0.key < $1.key }.map { item, cluster -> JSONValue in
            .array([JSONValue(item), JSONValue(cluster.sum), JSONValue(cluster.scored), JSONValue(cluster.finished)])
        }
        return [
            "scored": JSONValue(scored), "infrastructure": JSONValue(infrastructure), "skipped": JSONValue(skipped),
            "passed": JSONValue(passed), "reasons": reasonCounts, "sum": JSONValue(sum),
            "clusters": JSONValue(clusters), "squares": JSONValue(sumOfSquares), "products": JSONValue(sumOfProducts),
            "counts": JSONValue(sumOfCounts), "open": .array(pending),
        ]
    }

    var reasonCounts: JSONValue {
        .object(JSONObject(reasons.sorted { $0.key < $1.key }.map { ($0.key, JSONValue($0.value)) }))
    }

    /// `nil`: not what ``json`` gives.
    init?(_ json: JSONValue) {
        guard let scored = json["scored"]?.int, let infrastructure = json["infrastructure"]?.int,
            let skipped = json["skipped"]?.int, let passed = json["passed"]?.int, let sum = json["sum"]?.double,
            let clusters = json["clusters"]?.int, let squares = json["squares"]?.double,
            let products = json["products"]?.double, let counts = json["counts"]?.double
        else { return nil }
        self.scored = scored
        self.infrastructure = infrastructure
        self.skipped = skipped
        self.passed = passed
        self.sum = sum
        self.clusters = clusters
        sumOfSquares = squares
        sumOfProducts = products
        sumOfCounts = counts
        for (reason, count) in json["reasons"]?.object ?? [:] { reasons[reason] = count.int }
        for row in json["open"]?.array ?? [] {
            guard let item = row[0]?.int, let sum = row[1]?.double, let scored = row[2]?.int,
                let finished = row[3]?.int
            else { return nil }
            open[item] = Cluster(sum: sum, scored: scored, finished: finished)
        }
    }
}

extension Double {
    /// Answers come in any order, and floating-point sums know it in their last digits; those are dropped.
    func rounded(toDecimals decimals: Int) -> Double {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}
