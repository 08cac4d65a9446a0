// swift-tools-version: 6.2
import PackageDescription

/// As the copied sources were written.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "{{id}}",
    products: [.library(name: "{{id}}", type: .dynamic, targets: ["Plugin"])],
    targets: [
        .target(name: "CArenaPlugin", path: "Arena/CArenaPlugin"),
        .target(name: "ArenaCore", path: "Arena/ArenaCore", swiftSettings: settings),
        .target(name: "ArenaJSON", dependencies: ["ArenaCore"], path: "Arena/ArenaJSON", swiftSettings: settings),
        .target(
            name: "ArenaPluginKit", dependencies: ["ArenaJSON", "CArenaPlugin"], path: "Arena/ArenaPluginKit",
            swiftSettings: settings),
        .target(
            name: "Plugin", dependencies: ["ArenaJSON", "ArenaPluginKit", "CArenaPlugin"], path: "Sources",
            swiftSettings: settings),
        .testTarget(
            name: "PluginTests", dependencies: ["ArenaJSON", "ArenaPluginKit", "Plugin"], path: "Tests",
            swiftSettings: settings),
    ])
