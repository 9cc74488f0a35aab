import Foundation

/// How numbers become distances.
public enum Scale: Sendable {
  /// Equal differences are equal distances.
  case linear
  /// Equal ratios are equal distances; numbers that are not positive have no place.
  case logarithmic

  /// Whether a number has a place on such an axis.
  ///
  /// Numbers beyond 10³⁰ are as good as infinite: no chart of this book holds one.
  func shows(_ value: Double) -> Bool {
    guard value.isFinite, abs(value) < 1e30 else { return false }
    return self == .linear || value > 1e-30
  }

  func distance(_ value: Double) -> Double { self == .linear ? value : log10(value) }
}

/// An axis: its range, and the ticks within it.
package struct Axis {
  package let scale: Scale
  package let low: Double
  package let high: Double
  package let ticks: [Double]
  package let labels: [String]

  /// Creates an axis that holds the values; a rounded one begins and ends at a tick or nearly so.
  package init(holding values: [Double], scale: Scale = .linear, rounded: Bool = false) {
    let shown = values.filter(scale.shows)
    self.scale = scale
    var (low, high) = Axis.widened(shown.min(), shown.max(), scale)
    let decades = scale == .logarithmic ? Axis.decades(low, high) : []
    if decades.count >= 2 {
      if rounded {
        let margin = pow(high / low, 0.03)
        (low, high) = (low / margin, high * margin)
      }
      ticks = decades.filter { $0 >= low * 0.999_999 && $0 <= high * 1.000_001 }
      labels = ticks.map(Digits.short)
    } else {
      let step = Axis.step(high - low)
      if rounded && scale == .linear {
        low = (low / step.size + 1e-9).rounded(.down) * step.size
        high = (high / step.size - 1e-9).rounded(.up) * step.size
      }
      ticks = Axis.multiples(of: step, low, high)
      labels = Axis.labels(ticks, step)
    }
    (self.low, self.high) = (low, high)
  }

  /// Returns where a value lies between the ends of the axis in the drawing, or nil if nowhere.
  package func place(_ value: Double, from start: Double, to end: Double) -> Double? {
    guard scale.shows(value) else { return nil }
    let bottom = scale.distance(low)
    let share = (scale.distance(value) - bottom) / (scale.distance(high) - bottom)
    return start + min(max(share, 0), 1) * (end - start)
  }

  /// Makes a range of some width out of whatever was given.
  private static func widened(_ least: Double?, _ greatest: Double?, _ scale: Scale)
    -> (Double, Double)
  {
    guard let least, let greatest else { return scale == .linear ? (0, 1) : (1, 10) }
    if scale == .logarithmic {
      return greatest / least < 1.001 ? (least / 2, greatest * 2) : (least, greatest)
    }
    let size = max(abs(least), abs(greatest))
    if greatest - least > size * 1e-9 { return (least, greatest) }
    return size == 0 ? (0, 1) : (least - size / 2, greatest + size / 2)
  }

  /// A step between ticks, `digit` × ten to `exponent`, where the digit is 1, 2 or 5.
  struct Step {
    let digit: Double
    let exponent: Int
    var size: Double { digit * Digits.power(exponent) }
  }

  /// Returns the smallest step that cuts the span into at most seven parts.
  private static func step(_ span: Double) -> Step {
    let exponent = Digits.exponent(span / 7)
    for (digit, shift) in [(1.0, 0), (2, 0), (5, 0), (1, 1), (2, 1)] {
      let step = Step(digit: digit, exponent: exponent + shift)
      if span / step.size <= 7 { return step }
    }
    return Step(digit: 5, exponent: exponent + 1)
  }

  private static func multiples(of step: Step, _ low: Double, _ high: Double) -> [Double] {
    let first = (low / step.size - 1e-9).rounded(.up)
    let last = (high / step.size + 1e-9).rounded(.down)
    guard first <= last, last - first < 20 else { return [low, high] }
    // Dividing by a whole power is exact where multiplying by 0.1 is not.
    let shrink = step.exponent < 0 ? Digits.power(-step.exponent) : 1
    let size = step.exponent < 0 ? step.digit : step.size
    return stride(from: first, through: last, by: 1).map { $0 * size / shrink }
  }

  private static func labels(_ ticks: [Double], _ step: Step) -> [String] {
    let unit = Unit(for: ticks.map(abs).max() ?? 0)
    let decimals = min(max(0, -Digits.exponent(step.size / unit.size * 1.000_001)), 9)
    return ticks.map { tick in
      if tick == 0 { return "0" }
      return Digits.fixed(tick / unit.size, decimals: decimals, keepsZeros: true) + unit.suffix
    }
  }

  /// Returns ticks at powers of ten, with 2 and 5 between them when the powers are few.
  private static func decades(_ low: Double, _ high: Double) -> [Double] {
    let powers = Array(Digits.exponent(low)...Digits.exponent(high) + 1)
    let fits = { (value: Double) in value >= low * 0.999_999 && value <= high * 1.000_001 }
    let whole = powers.map(Digits.power).filter(fits)
    if whole.count > 3 {
      let every = (whole.count + 7) / 8
      return whole.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    }
    return powers.flatMap { power in [1.0, 2, 5].map { $0 * Digits.power(power) } }.filter(fits)
  }
}
