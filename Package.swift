// swift-tools-version: 6.2

import PackageDescription

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

let package = Package(
    name: "billing-kit",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "BillingKit", targets: ["BillingKit"]),
        .library(name: "BillingModel", targets: ["BillingModel"]),
        .library(name: "WebhookSignatures", targets: ["WebhookSignatures"]),
        .library(name: "BillingJSON", targets: ["BillingJSON"]),
        .library(name: "BillingInMemory", targets: ["BillingInMemory"]),
        .library(name: "BillingSQL", targets: ["BillingSQL"]),
        .library(name: "BillingSQLite", targets: ["BillingSQLite"]),
        .library(name: "BillingPostgres", targets: ["BillingPostgres"]),
        .library(name: "BillingPolar", targets: ["BillingPolar"]),
        .library(name: "BillingTesting", targets: ["BillingTesting"]),
        .library(name: "BillingSimulator", targets: ["BillingSimulator"]),
    ],
    traits: [
        .trait(name: "SQLite", description: "The embedded store, on the system's libsqlite3."),
        .trait(name: "Postgres", description: "The store for many servers, on the system's libpq."),
        .trait(
            name: "AcceleratedSHA256",
            description: "SHA-256 by the processor's extensions, where it has them: x86-64, by a C header."
        ),
        .default(enabledTraits: ["SQLite"]),
    ],
    targets: [
        .systemLibrary(name: "CBillingSHA256"),
        .target(
            name: "WebhookSignatures",
            dependencies: [.target(name: "CBillingSHA256", condition: .when(traits: ["AcceleratedSHA256"]))]
        ),
        .target(name: "BillingModel"),
        .target(name: "BillingKit", dependencies: ["BillingModel", "WebhookSignatures"]),
        .target(name: "BillingJSON", dependencies: ["BillingModel"]),
        .target(name: "BillingInMemory", dependencies: ["BillingKit", "WebhookSignatures"]),
        .target(name: "BillingSQL", dependencies: ["BillingJSON", "BillingKit"]),
        .systemLibrary(
            name: "CBillingSQLite",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        .target(
            name: "BillingSQLite",
            dependencies: [
                "BillingSQL",
                .target(name: "CBillingSQLite", condition: .when(traits: ["SQLite"])),
            ]
        ),
        .systemLibrary(
            name: "CBillingPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "BillingPostgres",
            dependencies: [
                "BillingSQL",
                .target(name: "CBillingPostgres", condition: .when(traits: ["Postgres"])),
            ]
        ),
        .target(name: "BillingPolar", dependencies: ["BillingKit", "WebhookSignatures"]),
        .target(name: "BillingTesting", dependencies: ["BillingInMemory", "BillingKit", "WebhookSignatures"]),
        .target(name: "BillingSimulator", dependencies: ["BillingInMemory", "BillingKit"]),
        .target(name: "SeededTesting", path: "Tests/SeededTesting"),
        .target(name: "ProcessTesting", path: "Tests/ProcessTesting"),
        .target(
            name: "HistoryTesting",
            dependencies: ["BillingInMemory", "BillingKit", "SeededTesting"],
            path: "Tests/HistoryTesting"
        ),
        .target(name: "SignatureFuzzing", dependencies: ["WebhookSignatures"], path: "Tests/SignatureFuzzing"),
        .testTarget(
            name: "WebhookSignaturesTests",
            dependencies: ["SeededTesting", "SignatureFuzzing", "WebhookSignatures"],
            resources: [.copy("Vectors")]
        ),
        .testTarget(name: "BillingModelTests", dependencies: ["BillingModel", "SeededTesting"]),
        .testTarget(name: "BillingJSONTests", dependencies: ["BillingJSON", "BillingModel", "SeededTesting"]),
        .testTarget(
            name: "BillingKitTests",
            dependencies: [
                "BillingKit", "BillingInMemory", "BillingSQLite", "BillingTesting", "HistoryTesting", "SeededTesting",
                "WebhookSignatures",
            ]
        ),
        .testTarget(
            name: "BillingSimulatorTests",
            dependencies: ["BillingSimulator", "BillingKit", "BillingInMemory", "SeededTesting"]
        ),
        .target(
            name: "StatementTesting",
            dependencies: ["BillingKit", "BillingSQL"],
            path: "Tests/StatementTesting"
        ),
        .testTarget(
            name: "BillingSQLiteTests",
            dependencies: [
                "BillingInMemory", "BillingKit", "BillingSQL", "BillingSQLite", "BillingTesting", "SeededTesting",
                "StatementTesting", "WebhookSignatures",
                .target(name: "CBillingSQLite", condition: .when(traits: ["SQLite"])),
            ],
            resources: [.copy("Schemas")]
        ),
        .executableTarget(
            name: "PostgresChild",
            dependencies: ["BillingKit", "BillingPostgres"],
            path: "Tests/PostgresChild"
        ),
        .testTarget(
            name: "BillingPostgresTests",
            dependencies: [
                "BillingInMemory", "BillingKit", "BillingPostgres", "BillingSQL", "BillingTesting", "CrashChild",
                "CrashTesting", "HistoryTesting", "PostgresChild", "ProcessTesting", "SeededTesting",
                "StatementTesting", "WebhookSignatures",
                .target(name: "CBillingPostgres", condition: .when(traits: ["Postgres"])),
            ],
            resources: [.copy("Schemas")]
        ),
        // A driver such as a host may have: it gets by with what is public.
        .testTarget(
            name: "HostDriverTests",
            dependencies: [
                "BillingInMemory", "BillingKit", "BillingPostgres", "BillingSQL", "BillingTesting",
                .target(name: "CBillingPostgres", condition: .when(traits: ["Postgres"])),
            ],
            packageAccess: false
        ),
        .target(
            name: "CPowerLossVFS",
            dependencies: [.target(name: "CBillingSQLite", condition: .when(traits: ["SQLite"]))],
            path: "Tests/CPowerLossVFS",
            cSettings: [.define("BILLINGKIT_SQLITE", .when(traits: ["SQLite"]))]
        ),
        .target(
            name: "CrashTesting",
            dependencies: ["BillingKit", "BillingSQL", "ProcessTesting"],
            path: "Tests/CrashTesting"
        ),
        .executableTarget(
            name: "CrashChild",
            dependencies: ["BillingKit", "BillingPostgres", "BillingSQLite", "CrashTesting"],
            path: "Tests/CrashChild"
        ),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "BillingInMemory", "BillingKit", "BillingSQL", "BillingSQLite", "CPowerLossVFS", "CrashChild",
                "CrashTesting", "ProcessTesting", "SeededTesting",
            ]
        ),
        .testTarget(
            name: "BillingPolarTests",
            dependencies: ["BillingPolar", "BillingKit", "BillingInMemory", "WebhookSignatures"],
            resources: [.copy("Deliveries")]
        ),
        .testTarget(
            name: "BillingTestingTests",
            dependencies: ["BillingInMemory", "BillingKit", "BillingTesting"]
        ),
        // A store such as anyone may write: it gets by with what is public.
        .testTarget(
            name: "WritingAStoreTests",
            dependencies: ["BillingJSON", "BillingKit", "BillingTesting"],
            packageAccess: false
        ),
        .testTarget(
            name: "ReadmeTests",
            dependencies: ["BillingKit", "BillingPolar", "BillingSQLite", "WebhookSignatures"]
        ),
        .testTarget(
            name: "QuickStartTests",
            dependencies: ["BillingKit", "BillingSQL", "BillingSQLite", "ProcessTesting", "SeededTesting"]
        ),
    ]
)

/// The modules that touch no C library of the host's choosing and no raw memory.
let pureModules: Set<String> = ["WebhookSignatures", "BillingModel", "BillingJSON", "BillingKit", "BillingInMemory"]

/// Set by `make check` alone, so that a newer compiler's new warning never breaks a host's build.
let warningsAreErrors = ProcessInfo.processInfo.environment["BILLINGKIT_STRICT"] == "1"

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings += [
        .swiftLanguageMode(.v6),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
        .enableUpcomingFeature("ExistentialAny"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
        .enableUpcomingFeature("MemberImportVisibility"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
        .enableUpcomingFeature("InternalImportsByDefault"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
    if pureModules.contains(target.name) {
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
        settings.append(.strictMemorySafety())
    }
    if warningsAreErrors {
        settings.append(.treatAllWarnings(as: .error))
    }
    target.swiftSettings = settings
}
