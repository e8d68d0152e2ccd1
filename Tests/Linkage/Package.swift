// swift-tools-version: 6.2

import PackageDescription

// One program for each set of pure products that a host may choose. `scripts/linkage-test` looks at what they link.
let package = Package(
    name: "linkage",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, because a checkout's directory may have any name; without traits, because no pure module needs one.
        .package(name: "billing-kit", path: "../..", traits: [])
    ],
    targets: [
        .executableTarget(
            name: "SignaturesOnly",
            dependencies: [.product(name: "WebhookSignatures", package: "billing-kit")]
        ),
        .executableTarget(
            name: "ModelOnly",
            dependencies: [.product(name: "BillingModel", package: "billing-kit")]
        ),
        .executableTarget(
            name: "KitOnly",
            dependencies: [.product(name: "BillingKit", package: "billing-kit")]
        ),
        .executableTarget(
            name: "AllPureModules",
            dependencies: [
                .product(name: "WebhookSignatures", package: "billing-kit"),
                .product(name: "BillingModel", package: "billing-kit"),
                .product(name: "BillingKit", package: "billing-kit"),
                .product(name: "BillingInMemory", package: "billing-kit"),
            ]
        ),
    ]
)
