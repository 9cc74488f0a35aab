/// The product, or `nil` when a factor is missing or the result does not fit.
func product(_ factors: Int?...) -> Int? {
  var result = 1
  for factor in factors {
    guard let factor else { return nil }
    let (next, overflows) = result.multipliedReportingOverflow(by: factor)
    guard !overflows else { return nil }
    result = next
  }
  return result
}

/// The sum, or `nil` when a term is missing or the result does not fit.
func sum(_ terms: Int?...) -> Int? { sum(terms) }

/// The sum, or `nil` when a term is missing or the result does not fit.
func sum(_ terms: [Int?]) -> Int? {
  var result = 0
  for term in terms {
    guard let term else { return nil }
    let (next, overflows) = result.addingReportingOverflow(term)
    guard !overflows else { return nil }
    result = next
  }
  return result
}
