// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "billing-kit-examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, because a checkout's directory may have any name.
        .package(name: "billing-kit", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "QuickStart",
            dependencies: [
                .product(name: "BillingKit", package: "billing-kit"),
                .product(name: "BillingInMemory", package: "billing-kit"),
                .product(name: "BillingSQLite", package: "billing-kit"),
                .product(name: "BillingPolar", package: "billing-kit"),
                .product(name: "WebhookSignatures", package: "billing-kit"),
            ],
            exclude: ["Deliveries/README.md"],
            resources: [.copy("Deliveries/lifecycle-legacy-key.json")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]
        )
    ]
)
