// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "SideBySide", swiftSettings: swiftSettings),
        .executableTarget(name: "compare", dependencies: ["SideBySide"], swiftSettings: swiftSettings),
        .target(name: "Localization", dependencies: ["SideBySide"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "localize", dependencies: ["Localization", "SideBySide"], swiftSettings: swiftSettings),
        .testTarget(name: "LocalizationTests", dependencies: ["Localization"], swiftSettings: swiftSettings),
        .target(name: "EdgeAccuracy", swiftSettings: swiftSettings),
        .executableTarget(name: "accuracy", dependencies: ["EdgeAccuracy"], swiftSettings: swiftSettings),
        .testTarget(name: "EdgeAccuracyTests", dependencies: ["EdgeAccuracy"], swiftSettings: swiftSettings),
        .testTarget(name: "SideBySideTests", dependencies: ["SideBySide"], swiftSettings: swiftSettings),
    ]
)
