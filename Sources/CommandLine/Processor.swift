import Foundation

/// What the processor can do, compared with what the program was built for.
///
/// This module is compiled without the special instructions, so that it can still speak on a
/// processor that lacks them.
public enum Processor {
  /// The instructions of x86-64-v3 beyond the baseline, as Linux spells them.
  package static let modern = ["avx", "avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "movbe"]
  /// Those that x86-64-v4 adds: vectors of sixteen numbers.
  package static let wide = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]

  /// What this build uses.
  package static var needed: [String] {
    #if WIDE
      modern + wide
    #else
      modern
    #endif
  }

  /// Returns why the program cannot run here, or nil if it can.
  public static func complaint() -> String? {
    #if FUSED && arch(x86_64)
      return sentence(missing: missingHere())
    #else
      return nil
    #endif
  }

  package static func sentence(missing: [String]) -> String? {
    guard !missing.isEmpty else { return nil }
    let names = missing.map { $0.uppercased() }.joined(separator: ", ")
    let cure = missing.allSatisfy(wide.contains) ? "WIDE=0" : "PORTABLE=1"
    return "This program was built for processors with \(names), which this one lacks; "
      + "build it again with \(cure) in the environment."
  }

  /// Returns which needed instructions the text of `/proc/cpuinfo` does not list.
  ///
  /// All processors of a machine are alike, so the first `flags` line counts. Without one
  /// nothing is known and nothing is missing.
  package static func missing(
    from cpuinfo: String, needed: [String] = needed
  ) -> [String] {
    for line in cpuinfo.split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, halves[0].trimmingCharacters(in: .whitespaces) == "flags" else {
        continue
      }
      let flags = Set(halves[1].split(separator: " "))
      return needed.filter { !flags.contains(Substring($0)) }
    }
    return []
  }

  private static func missingHere() -> [String] {
    #if os(Linux)
      let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      return missing(from: text ?? "")
    #elseif canImport(Darwin)
      return [("avx2", "hw.optional.avx2_0"), ("fma", "hw.optional.fma")]
        .filter { !isOn($0.1) }.map(\.0)
    #else
      return []
    #endif
  }

  #if canImport(Darwin)
    private static func isOn(_ name: String) -> Bool {
      var value: Int32 = 0
      var size = MemoryLayout<Int32>.size
      return sysctlbyname(name, &value, &size, nil, 0) != 0 || value != 0
    }
  #endif
}
