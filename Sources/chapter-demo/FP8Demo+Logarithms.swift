import CommandLine
import FP8
import Figures
import Foundation
import Tensors

extension FP8Demo {
  /// Measures LogFMT on normal numbers, and what its two ways of rounding do to a mean.
  mutating func measureLogarithms() {
    Console.print("LogFMT: the error of normal numbers, the mean of even ones, |x̂| / |x| - 1")
    let x = gaussian(64, 1024, branch: 9)
    var generator = SplitMix64(seed: seed).branch(10)
    let even = Tensor(
      (0..<512 * 1024).map { _ in Float(generator.uniform()) }, shape: [512, 1024])
    for bits in [5, 8, 10] {
      let linear = LogFormat(bits: bits)
      let error = Self.errors(of: linear.rounded(x), from: x).whole
      let (right, wrong) = (
        Self.bias(of: linear, on: even),
        Self.bias(of: LogFormat(bits: bits, rounding: .logarithmic), on: even)
      )
      report(
        "\(bits) bits",
        "\(Self.percent(error)) off; the mean by \(Self.signed(right)) when x is rounded, "
          + "by \(Self.signed(wrong)) when its logarithm is")
      note("log.\(bits).error", 100 * error)
      note("log.\(bits).bias", 100 * right)
      note("log.\(bits).bias-logarithmic", 100 * wrong)
    }
    Console.print()
  }

  private static func bias(of format: LogFormat, on numbers: Tensor) -> Double {
    func sum(_ tensor: Tensor) -> Double { tensor.scalars.reduce(0.0) { $0 + abs(Double($1)) } }
    return sum(format.rounded(numbers)) / sum(numbers) - 1
  }

  private static func signed(_ share: Double) -> String {
    String(format: "%+.4f %%", 100 * share)
  }
}
