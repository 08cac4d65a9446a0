// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For what the worker is made of: without the libraries of regular expressions and concurrency, whose loading would
/// make every child start a millisecond later.
let lean =
    settings + [
        .unsafeFlags([
            "-Xfrontend", "-disable-implicit-string-processing-module-import",
            "-Xfrontend", "-disable-implicit-concurrency-module-import",
        ])
    ]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func leanModule(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: lean)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func systemLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A plugin in C: only its entry is exported. Its headers are its own.
///
/// - Parameter embedded: files that its sources embed, beside the manifest.
func plugin(c id: String, _ target: String, embedded: [String] = []) -> Target {
    .target(
        name: target, dependencies: ["CArenaPlugin", "CArenaPluginKit"], path: "Plugins/\(id)",
        exclude: ["README.md", "plugin.json"] + embedded, publicHeadersPath: ".",
        cSettings: [.unsafeFlags(["-fvisibility=hidden"])])
}

/// A plugin in Swift: its code, and its manifest as the C file that puts it into the library.
func plugin(swift id: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> [Target] {
    [
        .target(
            name: "\(name)Plugin", dependencies: ["ArenaJSON", "ArenaPluginKit", "CArenaPlugin"] + dependencies,
            path: "Plugins/\(id)/Sources", swiftSettings: settings),
        .target(
            name: "\(name)Manifest", dependencies: ["CArenaPlugin"], path: "Plugins/\(id)/Manifest",
            exclude: ["plugin.json"], publicHeadersPath: "."),
    ]
}

let package = Package(
    name: "arena",
    products: [
        .library(
            name: "arena-eval_rerun", type: .dynamic, targets: ["EvalRerunPlugin", "EvalRerunManifest"]),
        .library(name: "arena-csv", type: .dynamic, targets: ["CSVPlugin"]),
        .library(name: "arena-mirror_json", type: .dynamic, targets: ["MirrorPlugin", "MirrorManifest"]),
        .library(name: "arena-openai", type: .dynamic, targets: ["OpenAIPlugin", "OpenAIManifest"]),
        .library(name: "arena-quantity", type: .dynamic, targets: ["QuantityPlugin"]),
        .library(
            name: "arena-rubric_checks", type: .dynamic, targets: ["RubricChecksPlugin", "RubricChecksManifest"]),
        .library(name: "arena-replay", type: .dynamic, targets: ["ReplayPlugin"]),
        .library(name: "arena-sleep", type: .dynamic, targets: ["SleepPlugin"]),
        .library(name: "arena-text", type: .dynamic, targets: ["TextPlugin"]),
        .library(name: "arena-honesty", type: .dynamic, targets: ["HonestyPlugin", "HonestyManifest"]),
        .library(name: "arena-json", type: .dynamic, targets: ["JSONPlugin", "JSONManifest"]),
        .library(name: "arena-pattern", type: .dynamic, targets: ["PatternPlugin", "PatternManifest"]),
        .library(name: "arena-similarity", type: .dynamic, targets: ["SimilarityPlugin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Layer 0
        .target(name: "CArenaPlugin"),
        .target(name: "CLinux"),
        systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        systemLibrary("CFFI", pkgConfig: "libffi", apt: "libffi-dev"),
        .target(name: "CCurl"),
        systemLibrary("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        systemLibrary("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        leanModule("ArenaCore"),
        module("ArenaConcurrency", ["ArenaCore"]),
        leanModule("ArenaJSON", ["ArenaCore"]),
        module("ArenaJSONSchema", ["ArenaCore", "ArenaJSON", "CPCRE2"]),
        module("ArenaYAML", ["ArenaCore", "ArenaJSON", "CYAML"]),
        leanModule("ArenaEventStream", ["ArenaCore"]),
        // Layer 1
        module("ArenaHTTPClient", ["ArenaCore", "CCurl", "CLinux"]),
        leanModule("ArenaPluginABI", ["ArenaCore", "ArenaJSON", "CArenaPlugin", "CFFI", "CLinux"]),
        leanModule("ArenaPluginWire", ["ArenaCore", "ArenaJSON"]),
        module("ArenaStore", ["ArenaCore", "ArenaJSON", grdb]),
        // Layer 2
        module(
            "ArenaPluginHost",
            [
                "ArenaCore", "ArenaJSON", "ArenaJSONSchema", "ArenaPluginABI", "ArenaPluginWire", "ArenaYAML",
                "CArenaPlugin", "CLinux", crypto, subprocess, systemPackage,
            ]),
        // Layer 3
        module(
            "ArenaEvaluation",
            ["ArenaCore", "ArenaJSON", "ArenaJSONSchema", "ArenaPluginABI", "ArenaPluginHost", "ArenaYAML", crypto]),
        module("ArenaJobs", ["ArenaConcurrency", "ArenaCore", "ArenaJSON", "ArenaStore", "CLinux"]),
        module(
            "ArenaLanes",
            ["ArenaCore", "ArenaJSON", "ArenaJSONSchema", "ArenaPluginABI", "ArenaPluginHost", "ArenaPluginWire"]),
        // Layer 4
        module(
            "ArenaRuntime",
            [
                "ArenaCore", "ArenaEvaluation", "ArenaHTTPClient", "ArenaJSON", "ArenaJSONSchema", "ArenaJobs",
                "ArenaLanes", "ArenaPluginHost", "ArenaPluginWire", "ArenaStore", "ArenaYAML", crypto,
            ]),
        // Layers 5 and 6
        module(
            "ArenaCockpit",
            [
                "ArenaCore", "ArenaEvaluation", "ArenaJSON", "ArenaJobs", "ArenaPluginABI", "ArenaPluginHost",
                "ArenaRuntime", "ArenaStore", "ArenaYAML", "CZlib", crypto, hummingbird, serviceLifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"), logging, nioCore,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ]),
        .target(
            name: "ArenaCommands",
            dependencies: [
                "ArenaCockpit", "ArenaCore", "ArenaEvaluation", "ArenaJSON", "ArenaJobs", "ArenaLanes",
                "ArenaPluginABI", "ArenaPluginConformance", "ArenaPluginHost", "ArenaRuntime", "ArenaStore", "CLinux",
                argumentParser, logging, serviceLifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Templates"], swiftSettings: settings),
        module(
            "ArenaPluginConformance",
            ["ArenaCore", "ArenaJSON", "ArenaJSONSchema", "ArenaPluginABI", "ArenaPluginHost", "ArenaPluginWire"]),
        .executableTarget(name: "arena", dependencies: ["ArenaCommands"], swiftSettings: settings),
        // Plugins and what they are made with
        .target(name: "CArenaPluginKit", dependencies: ["CArenaPlugin"]),
        module("ArenaPluginKit", ["ArenaJSON", "CArenaPlugin"]),
        plugin(c: "csv", "CSVPlugin"),
        plugin(c: "quantity", "QuantityPlugin"),
        plugin(c: "replay", "ReplayPlugin", embedded: ["recordings.jsonl"]),
        plugin(c: "sleep", "SleepPlugin"),
        plugin(c: "text", "TextPlugin", embedded: ["case_folding.inc"]),
        plugin(c: "similarity", "SimilarityPlugin"),
        // Layer 7
        .executableTarget(
            name: "arena-worker",
            dependencies: ["ArenaCore", "ArenaJSON", "ArenaPluginABI", "ArenaPluginWire", "CArenaPlugin", "CLinux"],
            swiftSettings: lean),
        module("ArenaTestSupport", ["ArenaConcurrency", "ArenaCore", "ArenaJSON"]),
        .executableTarget(
            name: "perf",
            dependencies: [
                "ArenaCore", "ArenaJSON", "ArenaJobs", "ArenaLanes", "ArenaPluginABI", "ArenaPluginHost",
                "ArenaPluginWire", "ArenaRuntime", "ArenaStore", "CArenaPlugin", grdb, subprocess, systemPackage,
            ],
            path: "benches/perf", exclude: ["Fixtures"], swiftSettings: settings),
        .target(
            name: "CFaultyFiles", path: "Tests/Support/CFaultyFiles", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "store-trial",
            dependencies: ["ArenaConcurrency", "ArenaCore", "ArenaJSON", "ArenaJobs", "ArenaStore", "CFaultyFiles"],
            path: "Tests/Support/StoreTrial", swiftSettings: settings),
        // Tests
        tests("ArchitectureTests"),
        tests(
            "ArenaCockpitTests",
            ["ArenaCockpit", "ArenaCore", "ArenaJSON", "ArenaPluginABI", "ArenaStore", "ArenaTestSupport", logging]),
        tests("ArenaCommandsTests", ["ArenaCommands", "ArenaCore", "ArenaJSON", "ArenaTestSupport"]),
        tests("ArenaCoreTests", ["ArenaCore"]),
        tests("ArenaHTTPClientTests", ["ArenaCore", "ArenaHTTPClient", "ArenaTestSupport"]),
        tests("ArenaJobsTests", ["ArenaCore", "ArenaJSON", "ArenaJobs", "ArenaStore", "ArenaTestSupport"]),
        tests("ArenaJSONSchemaTests", ["ArenaJSON", "ArenaJSONSchema"]),
        tests("ArenaJSONTests", ["ArenaJSON"]),
        tests("ArenaPluginABITests", ["ArenaCore", "ArenaJSON", "ArenaPluginABI", "ArenaTestSupport"]),
        tests(
            "ArenaPluginConformanceTests",
            [
                "ArenaCore", "ArenaJSON", "ArenaPluginConformance", "ArenaPluginHost", "ArenaTestSupport",
                "arena-worker",
            ]),
        tests(
            "ArenaPluginHostTests",
            [
                "ArenaCore", "ArenaJSON", "ArenaPluginABI", "ArenaPluginHost", "ArenaPluginWire", "ArenaTestSupport",
                "arena-worker",
            ]),
        tests("ArenaPluginKitTests", ["ArenaJSON", "ArenaPluginKit", "CArenaPlugin"]),
        tests("ArenaPluginWireTests", ["ArenaCore", "ArenaJSON", "ArenaPluginWire"]),
        tests("ArenaRuntimeTests", ["ArenaCore", "ArenaHTTPClient", "ArenaJSON", "ArenaLanes", "ArenaRuntime"]),
        tests(
            "EndToEndTests",
            [
                "ArenaCockpit", "ArenaCore", "ArenaEvaluation", "ArenaJSON", "ArenaJSONSchema", "ArenaJobs",
                "ArenaLanes", "ArenaPluginABI", "ArenaPluginHost", "ArenaRuntime", "ArenaStore", "ArenaTestSupport",
                "ArenaYAML", logging,
            ]),
        .testTarget(
            name: "PluginTests", dependencies: ["ArenaJSON", "CArenaPlugin", "CArenaPluginKit"], exclude: ["cases"],
            swiftSettings: settings),
        tests("ArenaStoreTests", ["ArenaCore", "ArenaJSON", "ArenaStore", "ArenaTestSupport", "store-trial", grdb]),
        tests("ArenaTestSupportTests", ["ArenaCore", "ArenaTestSupport"]),
        tests(
            "ArenaWorkerTests",
            [
                "ArenaCore", "ArenaJSON", "ArenaPluginABI", "ArenaPluginWire", "ArenaTestSupport", "CLinux",
                "arena-worker",
            ]),
        tests("ArenaYAMLTests", ["ArenaJSON", "ArenaYAML"]),
        tests(
            "ArenaLanesTests",
            [
                "ArenaCore", "ArenaJSON", "ArenaLanes", "ArenaPluginABI", "ArenaPluginHost", "ArenaPluginWire",
                "ArenaTestSupport",
            ]),
        tests("ArenaEventStreamTests", ["ArenaEventStream"]),
    ]
        + plugin(swift: "eval_rerun", "EvalRerun")
        + plugin(swift: "honesty", "Honesty")
        + plugin(swift: "json", "JSON")
        + plugin(swift: "mirror_json", "Mirror")
        + plugin(swift: "openai", "OpenAI", ["ArenaEventStream"])
        + plugin(swift: "pattern", "Pattern", ["CPCRE2"])
        + plugin(swift: "rubric_checks", "RubricChecks", ["ArenaYAML"])
)
