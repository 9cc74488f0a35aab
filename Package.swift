// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// `PORTABLE=1 swift build` leaves out the instructions that processors before 2013 lack.
let portable = Context.environment["PORTABLE"] == "1"
#if arch(x86_64)
  /// Vectors of sixteen numbers (AVX-512), where Linux lists all that x86-64-v4 asks for.
  ///
  /// `WIDE=0` leaves them out, and `WIDE=1` is for a machine that builds for another.
  let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let here = ["f", "bw", "cd", "dq", "vl"].allSatisfy { flags.contains(" avx512\($0)") }
  let wide = !portable && Context.environment["WIDE"].map { $0 == "1" } ?? here
  let names: [SwiftSetting] =
    portable ? [] : wide ? [.define("FUSED"), .define("WIDE")] : [.define("FUSED")]
  let native =
    portable ? [] : names + [.unsafeFlags(["-Xcc", "-march=x86-64-v\(wide ? 4 : 3)"])]
#else
  let names: [SwiftSetting] = [.define("FUSED")]
  let native = names
#endif

let plain: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// SIMD code without optimisation is hundreds of times slower, so a debug build optimises lessons too.
let fast: [SwiftSetting] =
  plain + native + [
    .unsafeFlags(
      ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
      .when(configuration: .debug)),
    .unsafeFlags(["-Xcc", "-fno-math-errno"], .when(platforms: [.linux])),
  ]

func lesson(_ number: String, _ name: String, uses: [Target.Dependency]) -> [Target] {
  let exercise: [Target.Dependency] = [.byName(name: name), "ExerciseKit"] + uses
  return [
    .target(
      name: name, dependencies: uses, path: "Chapters/\(number)-\(name)", swiftSettings: fast),
    .testTarget(
      name: "Chapter\(number)Tests", dependencies: exercise + ["TestSupport"],
      swiftSettings: plain),
    .target(
      name: "Exercises\(number)", dependencies: exercise, path: "Exercises/\(number)-\(name)",
      swiftSettings: fast),
    .target(
      name: "Solutions\(number)", dependencies: exercise,
      path: "Exercises/Solutions/\(number)-\(name)", swiftSettings: fast),
    .testTarget(
      name: "Exercise\(number)Tests",
      dependencies: exercise + [
        "TestSupport", .byName(name: "Exercises\(number)"),
        .byName(name: "Solutions\(number)"),
      ], swiftSettings: plain),
  ]
}

func tool(_ name: String, uses: [Target.Dependency], settings: [SwiftSetting] = fast)
  -> [Target]
{
  [
    .target(name: name, dependencies: uses, swiftSettings: settings),
    .testTarget(
      name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + uses,
      swiftSettings: plain),
  ]
}

func program(_ name: String, uses: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: uses + ["CommandLine"], swiftSettings: plain)
}

let lessons: [Target.Dependency] = [
  "Tensors", "Attention", "MLA", "MoE", "MTP", "FP8", "DualPipe", "RL", "Distillation",
  "SmallV3", "SmallR1", "CodeModels", "Serving", "FullScale",
]

let package = Package(
  name: "little-deepseek",
  platforms: [.macOS(.v15)],
  targets: [
    lesson("01", "Tensors", uses: []),
    lesson("02", "Attention", uses: ["Tensors", "Text", "Checkpoints"]),
    lesson("03", "MLA", uses: ["Tensors", "Attention", "Text", "Checkpoints"]),
    lesson("04", "MoE", uses: ["Tensors", "Attention", "Text", "Checkpoints"]),
    lesson("05", "MTP", uses: ["Tensors", "Attention", "MLA", "MoE", "Text", "Checkpoints"]),
    lesson(
      "06", "FP8", uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "Text", "Checkpoints"]),
    lesson(
      "07", "DualPipe",
      uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "FP8", "Text", "Checkpoints"]),
    lesson(
      "08", "RL", uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "Text", "Checkpoints"]),
    lesson(
      "09", "Distillation",
      uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "RL", "Text", "Checkpoints"]),
    lesson(
      "10", "SmallV3",
      uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "FP8", "Text", "Checkpoints"]),
    lesson(
      "11", "SmallR1",
      uses: [
        "Tensors", "Attention", "MLA", "MoE", "MTP", "RL", "Distillation", "Text",
        "Checkpoints",
      ]),
    lesson(
      "12", "CodeModels",
      uses: ["Tensors", "Attention", "MLA", "MoE", "MTP", "RL", "Text", "Checkpoints"]),
    lesson(
      "13", "Serving",
      uses: [
        "Tensors", "Attention", "MLA", "MoE", "MTP", "FP8", "SmallV3", "Text", "Checkpoints",
      ]),
    lesson(
      "14", "FullScale",
      uses: [
        "Tensors", "Attention", "MLA", "MoE", "MTP", "FP8", "DualPipe", "Text", "Checkpoints",
      ]),

    tool("Text", uses: ["Tensors", "Checkpoints"]),
    tool("Checkpoints", uses: ["Tensors"]),
    tool("Figures", uses: []),
    // It checks the processor, so it must not need what it checks: only the names of the build.
    tool("CommandLine", uses: [], settings: plain + names),
    tool("Weaving", uses: []),
    [
      .target(name: "ExerciseKit", swiftSettings: fast),
      .target(
        name: "TestSupport", dependencies: ["Tensors", "ExerciseKit"],
        path: "Tests/TestSupport",
        swiftSettings: plain),
      .testTarget(
        name: "ExerciseKitTests", dependencies: ["ExerciseKit"], swiftSettings: plain),
      .testTarget(name: "BookTests", dependencies: ["Weaving"], swiftSettings: plain),
      .testTarget(
        name: "ProgramTests",
        dependencies: [
          "TestSupport", "chapter-demo", "deepseek", "book", "exercises", "benchmark",
        ], swiftSettings: plain),

      program("chapter-demo", uses: lessons + ["Text", "Checkpoints", "Figures"]),
      program("deepseek", uses: lessons + ["Text", "Checkpoints", "Figures"]),
      program("benchmark", uses: lessons + ["Text", "Checkpoints"]),
      program("book", uses: ["Weaving"]),
      program("exercises", uses: ["Weaving"]),
    ],
  ].flatMap { $0 },
  swiftLanguageModes: [.v6]
)
