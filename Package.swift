// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "martlet", targets: ["martlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "3.0.0"),
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: swiftSettings),
        .target(
            name: "ModelFiles",
            dependencies: ["Tensors", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: swiftSettings),
        .target(name: "Tokenization", dependencies: ["ModelFiles"], swiftSettings: swiftSettings),
        .target(name: "ChatTemplates", swiftSettings: swiftSettings),
        .target(
            name: "Architectures", dependencies: ["Tensors", "ModelFiles"], swiftSettings: swiftSettings),
        .target(
            name: "Generation", dependencies: ["Architectures", "Tensors"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "martlet",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                "Generation",
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors"], swiftSettings: swiftSettings),
        .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles"], swiftSettings: swiftSettings),
        .testTarget(name: "TokenizationTests", dependencies: ["Tokenization"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatTemplatesTests", dependencies: ["ChatTemplates"], exclude: ["Fixtures"],
            swiftSettings: swiftSettings),
        .testTarget(name: "GenerationTests", dependencies: ["Generation"], swiftSettings: swiftSettings),
    ]
)
