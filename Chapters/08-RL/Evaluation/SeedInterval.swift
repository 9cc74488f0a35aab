import Tensors

/// The mean of a number over a few seeds, with an interval of 95 % for the mean of all seeds.
///
///     x̄ ± t s / √n
///
/// s is the deviation with n − 1, and t the point of Student's distribution that n − 1 degrees of
/// freedom exceed in 2.5 of 100 cases. With three seeds t is 4.3: the interval is wide, and should be.
public struct SeedInterval: Sendable, Equatable, Codable {
  /// The mean, and the ends of the interval.
  public let mean, low, high: Double

  /// t for 1, 2, … degrees of freedom.
  private static let points = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365]

  /// Sums up the numbers of two to eight seeds; a share has no interval beyond 0 and 1.
  public init(_ numbers: [Double], isShare: Bool = false) {
    insist(
      (2...Self.points.count + 1).contains(numbers.count),
      "SeedInterval: two to eight seeds have an interval, not \(numbers.count)")
    let count = Double(numbers.count)
    mean = numbers.reduce(0, +) / count
    let squares = numbers.reduce(0) { [mean] in $0 + ($1 - mean) * ($1 - mean) }
    let half = Self.points[numbers.count - 2] * (squares / (count - 1) / count).squareRoot()
    low = isShare ? max(0, mean - half) : mean - half
    high = isShare ? min(1, mean + half) : mean + half
  }
}
