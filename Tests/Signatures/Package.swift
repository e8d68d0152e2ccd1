// swift-tools-version: 6.2

import PackageDescription

// The module and its tests by themselves, through links into the package, so that `scripts/signatures-test` builds them
// in every way that a host may (for debug and for release, with the trait and without) and nothing else besides.
let package = Package(
    name: "signatures",
    platforms: [.macOS(.v15)],
    traits: [.trait(name: "AcceleratedSHA256", description: "SHA-256 by the processor's extensions.")],
    targets: [
        .systemLibrary(name: "CBillingSHA256"),
        .target(
            name: "WebhookSignatures",
            dependencies: [.target(name: "CBillingSHA256", condition: .when(traits: ["AcceleratedSHA256"]))]
        ),
        .target(name: "SeededTesting"),
        .target(name: "SignatureFuzzing", dependencies: ["WebhookSignatures"]),
        .target(name: "CAllocations"),
        .executableTarget(name: "SignatureAllocations", dependencies: ["CAllocations", "WebhookSignatures"]),
        .testTarget(
            name: "WebhookSignaturesTests",
            dependencies: ["SeededTesting", "SignatureFuzzing", "WebhookSignatures"],
            resources: [.copy("Vectors")]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if target.name == "WebhookSignatures" {
        target.swiftSettings?.append(.strictMemorySafety())
    }
}
