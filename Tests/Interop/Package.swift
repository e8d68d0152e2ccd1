// swift-tools-version: 6.2

import PackageDescription

// A program that judges deliveries for `interop.py`, which asks other people's verifiers the same.
let package = Package(
    name: "interop",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, because a checkout's directory may have any name; without traits, because none is needed.
        .package(name: "billing-kit", path: "../..", traits: [])
    ],
    targets: [
        .executableTarget(
            name: "Judge",
            dependencies: [.product(name: "WebhookSignatures", package: "billing-kit")]
        )
    ]
)
