/// The answer to exercise 1.3.
///
/// Why this way: a number that is read twice influences the loss along two paths, and the total
/// derivative is the *sum* over paths. One character decides: `+=`. The reversed order is what makes
/// the sum complete before it is used: a record's result can only be read by later records, and
/// those have all been visited when its turn comes.
public func leafGradients(
  leaves: Int, operands: [[(place: Int, slope: Double)]]
) throws -> [Double] {
  var gradients = [Double](repeating: 0, count: leaves + operands.count)
  gradients[gradients.count - 1] = 1
  for record in operands.indices.reversed() {
    let upstream = gradients[leaves + record]
    for (place, slope) in operands[record] {
      gradients[place] += upstream * slope
    }
  }
  return Array(gradients.prefix(leaves))
}

/// Wrong answers to exercise 1.3.
public enum Mutants1_3 {
  /// The starter: the last reader wins.
  public static func overwrites(
    leaves: Int, operands: [[(place: Int, slope: Double)]]
  ) throws -> [Double] {
    var gradients = [Double](repeating: 0, count: leaves + operands.count)
    gradients[gradients.count - 1] = 1
    for record in operands.indices.reversed() {
      let upstream = gradients[leaves + record]
      for (place, slope) in operands[record] { gradients[place] = upstream * slope }
    }
    return Array(gradients.prefix(leaves))
  }

  /// Adds, but walks from the first record to the last.
  public static func walksForward(
    leaves: Int, operands: [[(place: Int, slope: Double)]]
  ) throws -> [Double] {
    var gradients = [Double](repeating: 0, count: leaves + operands.count)
    gradients[gradients.count - 1] = 1
    for record in operands.indices {
      let upstream = gradients[leaves + record]
      for (place, slope) in operands[record] { gradients[place] += upstream * slope }
    }
    return Array(gradients.prefix(leaves))
  }

  /// Keeps only the larger share.
  public static func keepsTheLarger(
    leaves: Int, operands: [[(place: Int, slope: Double)]]
  ) throws -> [Double] {
    var gradients = [Double](repeating: 0, count: leaves + operands.count)
    gradients[gradients.count - 1] = 1
    for record in operands.indices.reversed() {
      let upstream = gradients[leaves + record]
      for (place, slope) in operands[record] {
        let share = upstream * slope
        if abs(share) > abs(gradients[place]) { gradients[place] = share }
      }
    }
    return Array(gradients.prefix(leaves))
  }
}
