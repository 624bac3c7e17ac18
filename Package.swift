// swift-tools-version: 6.2
import PackageDescription

// The set-up script makes these two links: LibTorch, and Arrow C++ (see docs/dependencies.md).
let libtorch = "\(Context.packageDirectory)/.libtorch"
let arrow = "\(Context.packageDirectory)/.arrow"

// Continuous integration sets this; a user with a newer compiler is not stopped by a new warning.
let strict = Context.environment["UNLEARN_STRICT"] == "1"
let swift: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let torchCompile: [CXXSetting] = [
  // For `<gloo/…>`, which LibTorch's packages leave out (Sources/CTorch/gloo).
  .headerSearchPath("."),
  .unsafeFlags([
    "-isystem", "\(libtorch)/include", "-isystem", "\(libtorch)/include/torch/csrc/api/include", "-O3",
  ]),
]
let torchLink: [LinkerSetting] = [
  // Functions of the same names stand in the program (LazyTorch); its own are meant here.
  .unsafeFlags(["-Xlinker", "-Bsymbolic-functions"], .when(platforms: [.linux])),
  .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
  .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("torch"),
]
let arrowCompile: [CXXSetting] = [.unsafeFlags(["-isystem", "\(arrow)/include", "-O2"])]
let arrowLink: [LinkerSetting] = [
  .unsafeFlags(["-L\(arrow)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(arrow)/lib"]),
  .linkedLibrary("parquet"), .linkedLibrary("arrow"),
]

let package = Package(
  name: "swift-unlearning",
  // LibTorch's own is macOS 14; the mutex of Swift's standard library is in macOS 15.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "unlearn", targets: ["unlearn"]),
    // Loaded by LazyTorch with the first tensor, from beside the program. No product is linked with it: a package that uses
    // the library below depends on this one too, and `swift build --product unlearn` alone does not make it.
    .library(name: "CTorch", type: .dynamic, targets: ["CTorch"]),
    .library(
      name: "SwiftUnlearning", targets: ["Torch", "LanguageModels", "Datasets", "Unlearning", "Evaluation", "Reports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .target(name: "Basics", swiftSettings: swift),
    .target(
      name: "Reports", dependencies: ["Basics", .product(name: "Mustache", package: "swift-mustache")],
      swiftSettings: swift),
    .target(name: "CTorch", cxxSettings: torchCompile, linkerSettings: torchLink),
    .target(name: "LazyTorch"),
    .target(name: "Torch", dependencies: ["LazyTorch", "Basics"], swiftSettings: swift),
    .target(name: "CParquet", cxxSettings: arrowCompile, linkerSettings: arrowLink),
    .target(name: "Datasets", dependencies: ["Basics", "CParquet"], swiftSettings: swift),
    .target(name: "Tokenizers", dependencies: ["Basics"], swiftSettings: swift),
    .target(name: "Checkpoints", dependencies: ["Basics"], swiftSettings: swift),
    .target(
      name: "LanguageModels", dependencies: ["Basics", "Torch", "Tokenizers", "Checkpoints"], swiftSettings: swift),
    .target(name: "Evaluation", dependencies: ["Basics", "LanguageModels", "Datasets"], swiftSettings: swift),
    .target(
      name: "Unlearning",
      dependencies: [
        "Basics", "LanguageModels", "Datasets", "Evaluation", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "unlearn",
      dependencies: [
        "Unlearning", "Evaluation", "Reports", "Datasets", "LanguageModels", "Tokenizers", "Checkpoints", "Torch",
        "Basics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: swift),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Basics"], swiftSettings: swift),
    .testTarget(name: "TorchTests", dependencies: ["Torch", "Basics"], swiftSettings: swift),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Basics"], resources: [.copy("Fixtures")], swiftSettings: swift),
    .testTarget(
      name: "TokenizersTests", dependencies: ["Tokenizers", "Basics"], resources: [.copy("Fixtures")],
      swiftSettings: swift),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "Tokenizers", "Basics"], resources: [.copy("Fixtures")],
      swiftSettings: swift),
    .testTarget(
      name: "LanguageModelsTests", dependencies: ["LanguageModels", "Torch", "Basics"],
      resources: [.copy("Fixtures")], swiftSettings: swift),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "LanguageModels", "Datasets", "Torch", "Basics"],
      resources: [.copy("Fixtures")],
      swiftSettings: swift),
    .testTarget(
      name: "UnlearningTests", dependencies: ["Unlearning", "LanguageModels", "Checkpoints", "Torch", "Basics"],
      resources: [.copy("Fixtures")], swiftSettings: swift),
    .testTarget(name: "CommandLineTests", dependencies: ["Basics"], swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
