import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser

struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Keep keys and tokens that requests need, and never show them.",
        subcommands: [SecretSetCommand.self, SecretListCommand.self, SecretRemoveCommand.self])
}

struct SecretSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Store a secret, whose text is read from standard input.",
        discussion: "Name it where a request's header is configured: Authorization: Bearer ${secret:NAME}")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Letters, digits and underscores, such as OPENAI_KEY.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "A host that it may be sent to; may be given several times (default: wherever it is configured to go).",
            valueName: "name[:port]"))
    var host: [String] = []

    func run() async throws {
        let name = try SecretName(name)
        let configuration = try global.configuration()
        let value = try SecretInput.read(prompt: "Text of \(name) (it is not shown): ")
        try configuration.home.value.prepare()
        try configuration.secrets.set(name, to: value, hosts: host)
        let answer: JSONValue = [
            "id": .string(name.text), "source": "store", "hosts": .array(host.map(JSONValue.string)),
        ]
        Console.current.answer(answer) { _ in "Stored \(name).\n" }
    }
}

struct SecretListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the names of the secrets, and where each comes from.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let list = try global.configuration().secrets.list().map { secret -> JSONValue in
            [
                "id": .string(secret.name.text), "source": .string(secret.source.rawValue),
                "hosts": .array(secret.hosts.map(JSONValue.string)),
            ]
        }
        Console.current.answer(.array(list)) { Presentation.secretList(.array(list), $0) }
    }
}

struct SecretRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a secret out of the store.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Its name.")
    var name: String

    func run() async throws {
        let name = try SecretName(name)
        try global.configuration().secrets.remove(name)
        Console.current.answer(["id": .string(name.text), "removed": true]) { _ in "Removed \(name).\n" }
    }
}
