import ArenaJSON
import CArenaPlugin
import Testing

@Suite struct BenchTests {
    @Test(arguments: BenchFiles.ids)
    func hasSixtyItemsWithUniqueIdsAndQuestions(_ id: String) throws {
        let rows = try BenchFiles(id).rows
        #expect(rows.count >= 60)
        #expect(Set(rows.map { $0["id"]?.string }).count == rows.count)
        #expect(Set(rows.map { $0["question"]?.string }).count == rows.count)
        #expect(rows.allSatisfy { $0["answer"]?.string?.isEmpty == false })
    }

    @Test func givesEveryLetterAQuarterOfTheChoices() throws {
        let rows = try BenchFiles("general-choice").rows
        for letter in ["A", "B", "C", "D"] {
            #expect(rows.filter { $0["answer"]?.string == letter }.count * 4 == rows.count)
        }
        for row in rows {
            let choices = row["choices"]?.array?.compactMap(\.string) ?? []
            #expect(Set(choices).count == 4, "\(row)")
        }
    }

    @Test func hasAnswersThatFollowFromTheirWorking() throws {
        for row in try BenchFiles("arithmetic-words").rows {
            let working = try #require(row["working"]?.string)
            let answer = try #require(row["answer"]?.string.flatMap(Double.init))
            var arithmetic = Arithmetic(working)
            let sum = arithmetic.sum()
            let value = try #require(sum, "\(working)")
            #expect(abs(value - answer) < 1e-9, "\(row)")
        }
    }

    /// The gold answers themselves, put to the scorer that the bench names, are right.
    @Test(arguments: [("arithmetic-words", "numeric_match"), ("general-choice", "mcq_letter")])
    func acceptsItsOwnAnswers(_ id: String, _ scorer: String) throws {
        let rows = try BenchFiles(id).rows
        let items = rows.map { row in
            ("The answer is \(row["answer"]?.string ?? "").", [row["answer"]?.string ?? ""], "")
        }
        let judged = try TextScorer(scorer, config: "").judge(items)
        #expect(judged.allSatisfy { $0.output.value == 1 })
    }
}

/// Sums, products and brackets.
private struct Arithmetic {
    private var text: Substring

    init(_ text: String) { self.text = text.filter { $0 != " " }[...] }

    mutating func sum() -> Double? {
        guard var value = product() else { return nil }
        while let sign = text.first, sign == "+" || sign == "-" {
            text.removeFirst()
            guard let next = product() else { return nil }
            value += sign == "+" ? next : -next
        }
        return value
    }

    private mutating func product() -> Double? {
        guard var value = atom() else { return nil }
        while let sign = text.first, sign == "*" || sign == "/" {
            text.removeFirst()
            guard let next = atom() else { return nil }
            value = sign == "*" ? value * next : value / next
        }
        return value
    }

    private mutating func atom() -> Double? {
        if text.first == "(" {
            text.removeFirst()
            let value = sum()
            guard text.first == ")" else { return nil }
            text.removeFirst()
            return value
        }
        let isNegative = text.first == "-"
        if isNegative { text.removeFirst() }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        text.removeFirst(digits.count)
        return Double(digits).map { isNegative ? -$0 : $0 }
    }
}
