// swift-tools-version: 6.2

import PackageDescription

// The module with the fuzzer and the address sanitizer compiled in, through links into the package: both have to see
// every branch of what they watch. `scripts/fuzz` runs it.
let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CFuzzer"),
        .target(name: "WebhookSignatures"),
        .target(name: "SignatureFuzzing", dependencies: ["WebhookSignatures"]),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["CFuzzer", "SignatureFuzzing"],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
    ]
}
