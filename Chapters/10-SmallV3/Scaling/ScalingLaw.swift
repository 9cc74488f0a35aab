import Foundation
import Tensors

/// How the loss falls with the size of a model, or with anything else that is made larger.
///
/// L(N) = E + A / N^α: E is what no size removes, A / N^α what size removes slowly.
/// Papers: Kaplan and others, 2020; Hoffmann and others, 2022, "Chinchilla", eq. 2.
public struct ScalingLaw: Sendable, Equatable, Codable {
  /// A size with its loss.
  public struct Point: Sendable, Equatable, Codable {
    /// N.
    public let size: Double
    /// L.
    public let loss: Double

    /// Joins the two.
    public init(size: Double, loss: Double) { (self.size, self.loss) = (size, loss) }
  }

  /// E.
  public let floor: Double
  /// A.
  public let scale: Double
  /// α.
  public let exponent: Double
  /// √(Σ (L − L̂)² / n), in the units of the loss.
  public let error: Double

  /// The loss that the law gives a size.
  public func predict(_ size: Double) -> Double { floor + scale * pow(size, -exponent) }

  /// The exponents that are tried.
  static let exponents = 0.01...3.0
  /// The first tries, evenly spread in the logarithm of the exponent.
  private static let grid = 240

  /// Fits a law by least squares; nil unless there are as many sizes as unknowns.
  ///
  /// For a given α the best E and A are a straight line through (N^−α, L), found in closed form. So
  /// only α is searched: on a grid, then by golden sections around its best place.
  /// - Parameter floor: E, if it is known; neither E nor A is ever below zero.
  public static func fit(_ points: [Point], floor: Double? = nil) -> ScalingLaw? {
    let sizes = Set(points.map(\.size))
    guard sizes.count >= (floor == nil ? 3 : 2),
      points.allSatisfy({ $0.size > 0 && $0.size.isFinite && $0.loss.isFinite })
    else { return nil }
    let (low, high) = (log(exponents.lowerBound), log(exponents.upperBound))
    let step = (high - low) / Double(grid)
    func law(_ place: Double) -> ScalingLaw { line(points, exponent: exp(place), floor: floor) }
    let best =
      (0...grid).map { low + Double($0) * step }
      .min { law($0).error < law($1).error } ?? low
    var (left, right) = (max(best - step, low), min(best + step, high))
    let golden = (5.0.squareRoot() - 1) / 2
    for _ in 0..<80 {
      let (a, b) = (right - golden * (right - left), left + golden * (right - left))
      if law(a).error <= law(b).error { right = b } else { left = a }
    }
    let found = law((left + right) / 2)
    return found.error <= law(best).error ? found : law(best)
  }

  /// The best E and A for an exponent.
  private static func line(
    _ points: [Point], exponent: Double, floor: Double?
  ) -> ScalingLaw {
    // Sizes in units of their geometric mean keep the powers near one.
    let unit = exp(points.reduce(0) { $0 + log($1.size) } / Double(points.count))
    let x = points.map { pow($0.size / unit, -exponent) }
    let n = Double(points.count)
    func throughFloor(_ floor: Double) -> (Double, Double) {
      let top = zip(x, points).reduce(0) { $0 + $1.0 * ($1.1.loss - floor) }
      return (floor, max(top / x.reduce(0) { $0 + $1 * $1 }, 0))
    }
    var (e, a): (Double, Double)
    if let floor {
      (e, a) = throughFloor(floor)
    } else {
      let (meanX, meanY) = (x.reduce(0, +) / n, points.reduce(0) { $0 + $1.loss } / n)
      let top = zip(x, points).reduce(0) { $0 + ($1.0 - meanX) * ($1.1.loss - meanY) }
      let bottom = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
      a = bottom > 0 ? max(top / bottom, 0) : 0
      e = meanY - a * meanX
      if e < 0 { (e, a) = throughFloor(0) }
    }
    let squares = zip(x, points).reduce(0) { sum, pair in
      let rest = pair.1.loss - e - a * pair.0
      return sum + rest * rest
    }
    return ScalingLaw(
      floor: e, scale: a * pow(unit, exponent), exponent: exponent,
      error: (squares / n).squareRoot())
  }
}
