import Foundation

/// The answer to exercise 2.4.
///
/// Why this way: both exponentials are taken relative to the larger of the two, so that neither
/// overflows and at least one is 1. If the larger is −∞ there is nothing to merge, and −∞ − (−∞)
/// would be NaN. The merge is associative, so any number of parts may be merged in any tree. Online
/// softmax is this merge with one tile on the right; decoding on many cores is this merge at its
/// end.
public func merge(
  _ a: (output: [Double], logSum: Double), _ b: (output: [Double], logSum: Double)
) throws -> (output: [Double], logSum: Double) {
  let larger = max(a.logSum, b.logSum)
  guard larger > -.infinity else { return a }
  let (left, right) = (exp(a.logSum - larger), exp(b.logSum - larger))
  let sum = left + right
  let output = zip(a.output, b.output).map { ($0 * left + $1 * right) / sum }
  return (output, larger + log(sum))
}

/// Wrong answers to exercise 2.4.
public enum Mutants2_4 {
  /// A part of an attention.
  public typealias Part = (output: [Double], logSum: Double)

  /// Takes the mean of the outputs.
  public static func averages(_ a: Part, _ b: Part) throws -> Part {
    (zip(a.output, b.output).map { ($0 + $1) / 2 }, log(exp(a.logSum) + exp(b.logSum)))
  }

  /// Exponentiates without a shift.
  public static func overflows(_ a: Part, _ b: Part) throws -> Part {
    let whole = log(exp(a.logSum) + exp(b.logSum))
    let (left, right) = (exp(a.logSum - whole), exp(b.logSum - whole))
    return (zip(a.output, b.output).map { $0 * left + $1 * right }, whole)
  }

  /// Does not expect two empty parts.
  public static func dividesNothing(_ a: Part, _ b: Part) throws -> Part {
    let larger = max(a.logSum, b.logSum)
    let (left, right) = (exp(a.logSum - larger), exp(b.logSum - larger))
    let output = zip(a.output, b.output).map { ($0 * left + $1 * right) / (left + right) }
    return (output, larger + log(left + right))
  }
}
