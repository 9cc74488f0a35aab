/// The answer to exercise 13.2.
///
/// Why this way: z is rounded first, and the codes are counted from the z that will be used to read them. Counted
/// from low, they are right beside −low / s and off by another half step beside its rounded value: the two
/// roundings add up, and 0 is no longer 0. Padding, dropped channels and what ReLU has cut off are zeros, and
/// many of them, all shifted to the same side, are a bias. The range has 0 in it for the same reason, and so
/// that z is a code. At the ends x / s + z may come out half a step too far, and is held back.
public func roundedGroup(
  _ group: [Double], bits: Int
) throws -> (scale: Double, zero: Int, codes: [Int]) {
  Grid().rounded(group, bits)
}

/// The rule, and what mutants change of it.
private struct Grid {
  enum Order { case zeroFirst, fromLow }
  var order = Order.zeroFirst
  var holdsZero = true
  var isSymmetric = false
  var countsCodes = false
  var clips = true
  var cuts = false
  var scaleOfZeros = 1.0
  var roundsZeroDown = false

  func rounded(_ group: [Double], _ bits: Int) -> (scale: Double, zero: Int, codes: [Int]) {
    var (low, high) = (group.min() ?? 0, group.max() ?? 0)
    if holdsZero { (low, high) = (min(0, low), max(0, high)) }
    if isSymmetric { (low, high) = (-max(-low, high), max(-low, high)) }
    let last = 1 << bits - 1
    guard high > low else { return (scaleOfZeros, 0, group.map { _ in 0 }) }
    let scale = (high - low) / Double(countsCodes ? last + 1 : last)
    let zero = roundsZeroDown ? (-low / scale).rounded(.down) : (-low / scale).rounded()
    let codes = group.map { x -> Int in
      let steps = order == .fromLow ? (x - low) / scale : x / scale + (cuts ? zero : 0)
      let code = steps.rounded(cuts ? .down : .toNearestOrAwayFromZero)
      let lifted = order == .fromLow || cuts ? code : code + zero
      return Int(clips ? max(0, min(Double(last), lifted)) : lifted)
    }
    return (scale, Int(zero), codes)
  }
}

/// Wrong answers to exercise 13.2.
public enum Mutants13_2 {
  /// What the exercise asks for.
  public typealias Answer = (scale: Double, zero: Int, codes: [Int])

  /// Counts codes from the smallest number, and rounds the zero point afterwards.
  public static func roundsAfterTheFact(_ group: [Double], bits: Int) throws -> Answer {
    Grid(order: .fromLow).rounded(group, bits)
  }

  /// Takes the range of the numbers alone.
  public static func leavesZeroOut(_ group: [Double], bits: Int) throws -> Answer {
    Grid(holdsZero: false).rounded(group, bits)
  }

  /// Makes the range symmetric, which gives half of the codes to nobody.
  public static func mirrors(_ group: [Double], bits: Int) throws -> Answer {
    Grid(isSymmetric: true).rounded(group, bits)
  }

  /// Divides by the number of codes, and not of steps between them.
  public static func countsCodes(_ group: [Double], bits: Int) throws -> Answer {
    Grid(countsCodes: true).rounded(group, bits)
  }

  /// Lets the last code be one too many.
  public static func clipsNothing(_ group: [Double], bits: Int) throws -> Answer {
    Grid(clips: false).rounded(group, bits)
  }

  /// Cuts off instead of rounding.
  public static func cutsOff(_ group: [Double], bits: Int) throws -> Answer {
    Grid(cuts: true).rounded(group, bits)
  }

  /// Rounds the zero point down.
  public static func roundsZeroDown(_ group: [Double], bits: Int) throws -> Answer {
    Grid(clips: true, roundsZeroDown: true).rounded(group, bits)
  }

  /// Gives a group of zeros the scale that it computes.
  public static func spoilsZeros(_ group: [Double], bits: Int) throws -> Answer {
    Grid(scaleOfZeros: 0).rounded(group, bits)
  }
}
