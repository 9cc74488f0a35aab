/// How far a number may lie from its oracle, and why.
///
/// The error of an entry is its distance from the oracle, divided by the larger of the oracle's
/// entry and the root mean square of all: an entry that came out of a cancellation is measured
/// by the size of what was cancelled.
public struct Tolerance: Sendable {
  /// The largest error that passes.
  public let allowed: Double
  /// Where the number comes from.
  public let reason: String

  /// Creates a tolerance; prefer one of the table below.
  public init(_ allowed: Double, _ reason: String) {
    self.allowed = allowed
    self.reason = reason
  }

  /// Copies and comparisons.
  public static let exact = Tolerance(0, "nothing is rounded")
  /// One rounding is 6e-8.
  public static let rounding = Tolerance(4e-7, "a few roundings of single precision")
  /// A sum of n products errs by about √n roundings.
  public static let product = Tolerance(3e-6, "sums of up to a thousand products")
  /// A pullback is a chain of a few products and sums.
  public static let gradient = Tolerance(1e-5, "single precision against central differences")
  /// A whole model: dozens of operations one after the other.
  public static let model = Tolerance(2e-4, "rounding carried through many operations")
}
