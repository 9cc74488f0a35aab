import ExerciseKit

/// Exercise 1.3 ●● A tape that forgets (15 minutes).
///
/// This is a tape for plain numbers. `operands[i]` holds, for record i, the places that it read and
/// the slope of its result by each. Leaves come first: the result of record i lies at place
/// `leaves + i`, and the last record is the loss. The function returns the gradient of every leaf.
///
/// It works for a chain. It is wrong as soon as a number is read twice, as in every residual block.
///
/// Delete the first line, then repair the loop.    Try it: `swift test --filter "Exercise 1.3"`
public func leafGradients(
  leaves: Int, operands: [[(place: Int, slope: Double)]]
) throws -> [Double] {
  try stillBroken()  // TODO: delete this line
  var gradients = [Double](repeating: 0, count: leaves + operands.count)
  gradients[gradients.count - 1] = 1
  for record in operands.indices.reversed() {
    let upstream = gradients[leaves + record]
    for (place, slope) in operands[record] {
      gradients[place] = upstream * slope
    }
  }
  return Array(gradients.prefix(leaves))
}

private func stillBroken() throws { throw Unfinished("1.3") }
