/// Rows and entries that are chosen by a list of indices: embeddings and routing.
extension Variable {
  /// The rows at the given indices, as an embedding looks them up.
  ///
  /// yᵢ = x[indexᵢ]. A row that is read several times sums what its readers send back, in the order
  /// of the list.
  /// - Shape: [n, rest…] → [indices, rest…]
  public func gathered(at indices: [Int]) -> Variable {
    let rows = shape.first ?? 0
    return tape.record("gather", value.gathered(at: indices), from: [self]) { upstream in
      [.later { upstream.scatterAdded(to: indices, rows: rows) }]
    }
  }

  /// Adds each row to the row of a zero tensor that its index names.
  ///
  /// The inverse of gathering: experts' outputs return to the tokens that they belong to.
  /// - Shape: [indices, rest…] → [rows, rest…]
  public func scatterAdded(to indices: [Int], rows: Int) -> Variable {
    let sum = value.scatterAdded(to: indices, rows: rows)
    return tape.record("scatterAdd", sum, from: [self]) { upstream in
      [.later { upstream.gathered(at: indices) }]
    }
  }

  /// The same number k of entries of each row, at the columns listed row by row.
  ///
  /// It picks the scores of the chosen experts, or with k = 1 the logarithm of the probability of
  /// each target.
  /// - Shape: [rows…, n] → [rows…, k], with rows · k columns
  public func picked(at columns: [Int]) -> Variable {
    let width = value.columns
    return tape.record("pick", value.picked(at: columns), from: [self]) { upstream in
      [.later { upstream.unpicked(to: columns, width: width) }]
    }
  }

  /// The variable with some entries replaced by a number, as attention hides the future with −∞.
  ///
  /// No gradient flows into the replaced entries.
  /// - Parameter mask: whether each entry of the last axes is replaced; it repeats over the others.
  public func masked(where mask: [Bool], with number: Float) -> Variable {
    tape.record("mask", value.masked(where: mask, with: number), from: [self]) { upstream in
      [.later { upstream.masked(where: mask, with: 0) }]
    }
  }
}
