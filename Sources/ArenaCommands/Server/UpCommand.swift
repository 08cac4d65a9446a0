import ArenaCockpit
import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the cockpit's server, the dispatcher and the scheduler.",
        discussion: "Ends in good order on interrupt: running jobs are given back and go on from their last commit.",
        aliases: ["serve"])

    @Option(help: "The port; 0 lets the system choose.")
    var port: Int?

    @Option(help: "The address to listen on. Any but a loopback address makes a token needed for everything.")
    var host: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let configuration = try global.configuration(host: host, port: port)
        let runtime = try await ArenaRuntime(try configuration.runtimeOptions())
        let token = try OperatorToken.loadOrCreate(in: configuration.home.value)
        var logger = Logger(label: "arena")
        logger.logLevel = .warning
        let options = CockpitOptions(
            host: configuration.host.value, port: configuration.port.value,
            publicURL: configuration.publicURL.value.flatMap(PublicURL.init), operatorToken: token,
            version: ArenaVersion.current,
            assets: try PageAssets(
                ui: BundledFolder.path("ui"), openAPI: BundledFolder.path("docs").map { $0 + "/openapi.yaml" }))
        let backend = RuntimeBackend(runtime)
        try await backend.beginCounting()
        let server = CockpitServer(options: options, backend: backend, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: ServerService(server: server, console: .current),
                        successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: DispatchService(runtime: runtime)),
                    .init(service: ScheduleService(runtime: runtime)),
                    .init(service: RetentionService(runtime: runtime)),
                    .init(service: PluginService(runtime: runtime)),
                    .init(service: LaneFileService(runtime: runtime)),
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
        do { try await group.run() } catch {
            await runtime.close()
            throw error
        }
        await runtime.close()
    }
}

/// Answers HTTP until the group ends.
private struct ServerService: Service, CustomStringConvertible {
    let server: CockpitServer
    let console: Console

    /// The group writes its services out for its log, and this one holds every file of the page.
    var description: String { "server" }

    func run() async throws {
        try await server.run { address in
            let answer: JSONValue = [
                "url": .string(address.url), "page": .string(address.page), "login": .string(address.oneTimeLink),
            ]
            console.answer(answer) { style in
                "Arena: \(style(address.page, .heading))\nAs the operator, open once: \(address.oneTimeLink)\n"
            }
        }
    }
}
