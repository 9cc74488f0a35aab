import ExerciseKit

/// Exercise 13.3 ●● Half a byte (15 minutes).
///
/// Multiply a vector by a matrix whose entries are codes of four bits, from −8 to 7, with a scale for each
/// `group` neighbours of a row; the last group of a row may be smaller:
///
///     y[i] = Σⱼ code[i, j] · scale[i, j / group] · x[j]
///
/// `packed` holds two codes in a byte, that of the earlier column in the lower half. A row begins with a byte of
/// its own, so behind an odd number of columns half a byte says nothing. `scales` holds those of row 0 first,
/// then those of row 1, and so on.
///
/// The function below passed its author's tests, on a matrix of 2 rows and 4 columns with one group a row. A model that
/// uses it writes words, and no sense.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 13.3"`
public func nibbleProduct(
  _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
) throws -> [Double] {
  try stillBroken()  // TODO: delete this line
  let bytes = columns / 2
  return (0..<rows).map { i in
    (0..<columns).reduce(0) { sum, j in
      let byte = packed[i * bytes + j / 2]
      let half = Int(j.isMultiple(of: 2) ? byte & 15 : byte >> 4)
      let code = half > 8 ? half - 16 : half
      return sum + Double(code) * scales[j / group * rows + i] * x[j]
    }
  }
}

private func stillBroken() throws { throw Unfinished("13.3") }
