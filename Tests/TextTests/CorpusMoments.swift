import Testing

/// Mean and standard error of a sample.
struct Moments {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  var mean: Double { sum / count }
  var error: Double { ((squares / count - mean * mean) / (count - 1)).squareRoot() }

  /// Expects the mean within four standard errors: chance fails such a test once in 16 000 seeds.
  func expect(_ value: Double, _ what: String) {
    #expect(
      abs(mean - value) < 4 * error, "\(what): \(mean) ± \(error) sampled, \(value) computed")
  }
}
