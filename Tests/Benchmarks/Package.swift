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
    traits: [
        .trait(name: "Postgres", description: "The benchmarks that need libpq."),
        .trait(name: "Crypto", description: "The benchmarks that need libcrypto."),
        .trait(name: "AcceleratedSHA256", description: "What is measured uses the processor's extensions."),
    ],
    dependencies: [
        // Named, because a checkout's directory may have any name.
        .package(
            name: "billing-kit",
            path: "../..",
            traits: [
                .defaults,
                .trait(name: "Postgres", condition: .when(traits: ["Postgres"])),
                .trait(name: "AcceleratedSHA256", condition: .when(traits: ["AcceleratedSHA256"])),
            ]
        )
    ],
    targets: [
        .target(name: "CAllocations"),
        .systemLibrary(name: "CSystemSQLite", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .target(name: "CSQLiteFloor", dependencies: ["CSystemSQLite"]),
        .systemLibrary(
            name: "CSystemPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "CPostgresFloor",
            dependencies: [.target(name: "CSystemPostgres", condition: .when(traits: ["Postgres"]))],
            cSettings: [.define("BENCH_POSTGRES", .when(traits: ["Postgres"]))]
        ),
        .target(
            name: "CCryptoFloor",
            cSettings: [.define("BENCH_CRYPTO", .when(traits: ["Crypto"]))],
            linkerSettings: [.linkedLibrary("crypto", .when(traits: ["Crypto"]))]
        ),
        .executableTarget(
            name: "SignatureBenchmarks",
            dependencies: [
                "CCryptoFloor", "Measuring", .product(name: "WebhookSignatures", package: "billing-kit"),
            ],
            swiftSettings: settings
        ),
        .target(name: "Measuring", swiftSettings: settings),
        .target(
            name: "ModelWorkloads",
            dependencies: ["Measuring", .product(name: "BillingModel", package: "billing-kit")],
            swiftSettings: settings
        ),
        .target(
            name: "EngineWorkloads",
            dependencies: ["Measuring", .product(name: "BillingKit", package: "billing-kit")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "EngineBenchmarks",
            dependencies: [
                "EngineWorkloads", "Measuring",
                .product(name: "BillingInMemory", package: "billing-kit"),
                .product(name: "BillingKit", package: "billing-kit"),
                .product(name: "BillingSQLite", package: "billing-kit"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SQLiteBenchmarks",
            dependencies: [
                "CSQLiteFloor", "EngineWorkloads", "Measuring",
                .product(name: "BillingKit", package: "billing-kit"),
                .product(name: "BillingSQLite", package: "billing-kit"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "PostgresBenchmarks",
            dependencies: [
                "CPostgresFloor", "EngineWorkloads", "Measuring",
                .product(name: "BillingKit", package: "billing-kit"),
                .product(name: "BillingPostgres", package: "billing-kit"),
            ],
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
