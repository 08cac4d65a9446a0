import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that everything Arena needs is there, and say the cure where it is not."
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let findings = await Doctor(global: global).examine()
        Console.current.answer(.array(findings.map(\.json))) { style in
            findings.map { finding in
                let mark = finding.isGood ? style("ok ", .good) : style("BAD", .bad)
                let cure = finding.isGood ? nil : finding.cure.map { "     cure: \($0.printable)\n" }
                return "\(mark)  \(finding.id): \(finding.message.printable)\n\(cure ?? "")"
            }.joined()
        }
        if findings.contains(where: { !$0.isGood }) {
            throw ExitCode(ErrorCategory.failedPrecondition.exitStatus)
        }
    }
}
