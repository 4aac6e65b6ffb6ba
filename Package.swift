// swift-tools-version: 6.2
import PackageDescription

// `scripts/setup` puts libtorch under .deps/ and installs the Debian packages named here.
let libtorch = Context.packageDirectory + "/.deps/libtorch"

let torchLinking: [LinkerSetting] = [
    // libtorch_cuda, where the wheel has one, is opened at run time: see Sources/CTorch/src/device.cpp.
    .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
    .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("gomp"),
]

let openCVLinking: [LinkerSetting] = [
    .linkedLibrary("opencv_core"), .linkedLibrary("opencv_imgproc"), .linkedLibrary("opencv_imgcodecs"),
    .linkedLibrary("jpeg"), .linkedLibrary("png"),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "yolov5-swift",
    products: [
        .executable(name: "yolov5", targets: ["yolov5"]),
        .library(name: "YOLOTraining", targets: ["YOLOTraining", "YOLOModel", "YOLOData", "YOLOReporting", "PyTorchFile", "Torch", "Imaging", "Detection"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // C++ behind C headers
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags([
                    "-isystem", "\(libtorch)/include", "-isystem", "\(libtorch)/include/torch/csrc/api/include",
                    "-std=c++20", "-fno-math-errno",
                ])
            ],
            linkerSettings: torchLinking
        ),
        .target(
            name: "COpenCV",
            cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
            linkerSettings: openCVLinking
        ),
        .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),

        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CHTTP", linkerSettings: [.linkedLibrary("curl")]),

        // Subjects that know nothing of YOLO
        .target(name: "Torch", dependencies: ["CTorch"]),
        .target(name: "Imaging", dependencies: ["COpenCV", "CCairo"]),
        .target(name: "PrintableText"),
        .target(name: "ChildProcesses"),
        .target(name: "PyTorchFile", dependencies: ["PrintableText"]),
        .target(name: "Detection", dependencies: ["PrintableText"]),
        .target(name: "Downloads", dependencies: ["CHTTP", "CZlib", crypto]),

        // The product
        .target(
            name: "YOLOModel", dependencies: ["Torch", "PyTorchFile", "PrintableText", "Detection", yams],
            resources: [.embedInCode("Resources")]),
        .target(
            name: "YOLOData", dependencies: ["Imaging", "Detection", "Downloads", "PrintableText", yams],
            resources: [.embedInCode("Resources")]),
        .target(name: "YOLOReporting", dependencies: ["ChildProcesses", "Detection", "PrintableText"]),
        .target(
            name: "YOLOTraining",
            dependencies: ["ChildProcesses", "YOLOModel", "YOLOData", "YOLOReporting", "Torch", "Imaging", "PyTorchFile", "Detection", "Downloads", "PrintableText", yams],
            resources: [.embedInCode("Resources")]),
        .executableTarget(
            name: "yolov5",
            dependencies: [
                "YOLOTraining", "YOLOModel", "YOLOData", "YOLOReporting", "PyTorchFile", "PrintableText", "Torch", "Detection",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "training-program", dependencies: ["YOLOTraining", "YOLOReporting", "Detection"], path: "examples/TrainingProgram"),
        .executableTarget(
            name: "yolov5-bench",
            dependencies: [
                "YOLOTraining", "YOLOModel", "YOLOData", "PyTorchFile", "Torch", "Imaging", "Detection",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Runner"),

        // Tests
        .target(name: "GoldenFixtures", path: "Tests/GoldenFixtures"),
        .target(name: "LoopbackServer", path: "Tests/LoopbackServer"),
        .testTarget(name: "TorchTests", dependencies: ["Torch", "GoldenFixtures"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging", "GoldenFixtures"], exclude: ["Fixtures"]),
        .testTarget(name: "PyTorchFileTests", dependencies: ["PyTorchFile", "GoldenFixtures"]),
        .testTarget(name: "DetectionTests", dependencies: ["Detection", "GoldenFixtures"]),
        .testTarget(
            name: "DownloadsTests", dependencies: ["Downloads", "CZlib", "LoopbackServer", "GoldenFixtures", crypto]),
        .testTarget(
            name: "YOLOModelTests", dependencies: ["YOLOModel", "Torch", "PyTorchFile", "Detection", "GoldenFixtures"]),
        .testTarget(
            name: "YOLODataTests",
            dependencies: ["YOLOData", "Imaging", "Detection", "Downloads", "LoopbackServer", "GoldenFixtures", yams]),
        .testTarget(name: "YOLOReportingTests", dependencies: ["YOLOReporting", "ChildProcesses", "Detection", "GoldenFixtures"]),
        .testTarget(
            name: "YOLOTrainingTests",
            dependencies: [
                "YOLOTraining", "YOLOReporting", "YOLOModel", "YOLOData", "Torch", "Imaging", "PyTorchFile", "Detection",
                "Downloads", "LoopbackServer", "GoldenFixtures",
            ]),
        .testTarget(name: "CommandTests", dependencies: ["YOLOModel", "Imaging", "PyTorchFile", "Torch", "LoopbackServer", "GoldenFixtures"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
    ]
}
