// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// One program for each thing that is measured, run one after the other by `scripts/bench`. Time and memory are apart,
// because counting allocations takes time.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, because a checkout's directory may have any name; without traits, because the model needs none.
        .package(name: "billing-kit", path: "../..", traits: [])
    ],
    targets: [
        .target(name: "CAllocations"),
        .target(name: "Measuring", swiftSettings: settings),
        .target(
            name: "ModelWorkloads",
            dependencies: ["Measuring", .product(name: "BillingModel", package: "billing-kit")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ModelBenchmarks",
            dependencies: [
                "Measuring", "ModelWorkloads", .product(name: "BillingModel", package: "billing-kit"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ModelMemory",
            dependencies: [
                "CAllocations", "Measuring", "ModelWorkloads",
                .product(name: "BillingModel", package: "billing-kit"),
            ],
            swiftSettings: settings
        ),
    ]
)
