import Foundation
import Tensors
import Testing

/// Expects each entry of a tensor to be near its oracle; the failure names the worst entry.
public func expectClose(
  _ actual: Tensor, _ expected: [Double], _ tolerance: Tolerance = .rounding,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  let complaint = worstError(actual.scalars, expected, shape: actual.shape, tolerance)
  if let complaint {
    Issue.record(
      "\(comment.isEmpty ? "" : comment + ": ")\(complaint)", sourceLocation: sourceLocation)
  }
}

/// Expects each entry of a list to be near its oracle.
public func expectClose(
  _ actual: [Float], _ expected: [Double], _ tolerance: Tolerance = .rounding,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    Tensor(actual, shape: [actual.count]), expected, tolerance, comment,
    sourceLocation: sourceLocation)
}

/// Expects each entry of a tensor to be near the entry of another.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, _ tolerance: Tolerance = .rounding,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(comment): shape \(actual.shape), expected \(expected.shape)",
      sourceLocation: sourceLocation)
    return
  }
  expectClose(actual, expected.doubles, tolerance, comment, sourceLocation: sourceLocation)
}

/// Expects a number to be near its oracle.
public func expectClose(
  _ actual: Float, _ expected: Double, _ tolerance: Tolerance = .rounding,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(Tensor(actual), [expected], tolerance, comment, sourceLocation: sourceLocation)
}

/// A sentence about the worst entry, or nil when all are near enough.
package func worstError(
  _ actual: [Float], _ expected: [Double], shape: [Int], _ tolerance: Tolerance
) -> String? {
  guard actual.count == expected.count else {
    return "\(actual.count) entries, expected \(expected.count)"
  }
  let finite = expected.filter(\.isFinite)
  let squares = finite.reduce(0.0) { $0 + $1 * $1 }
  let typical = (squares / Double(max(finite.count, 1))).squareRoot()
  var worst = (error: 0.0, place: -1)
  for (place, (a, e)) in zip(actual, expected).enumerated() {
    let error = relativeError(Double(a), e, typical)
    if error > worst.error { worst = (error, place) }
  }
  guard worst.error > tolerance.allowed else { return nil }
  let (a, e) = (actual[worst.place], expected[worst.place])
  let allowed = String(format: "%.0e", tolerance.allowed)
  return "worst at \(index(of: worst.place, in: shape)): \(a) vs \(e), "
    + String(format: "%.1e", worst.error) + " relative, allowed \(allowed)"
    + " (\(tolerance.reason))"
}

private func relativeError(_ a: Double, _ e: Double, _ typical: Double) -> Double {
  if a == e || a.isNaN && e.isNaN { return 0 }
  guard a.isFinite, e.isFinite else { return .infinity }
  let scale = max(abs(e), typical)
  return abs(a - e) / (scale > 0 ? scale : 1)
}

private func index(of place: Int, in shape: [Int]) -> [Int] {
  var rest = place
  var index: [Int] = []
  for size in shape.reversed() {
    index.append(rest % size)
    rest /= size
  }
  return index.reversed()
}
