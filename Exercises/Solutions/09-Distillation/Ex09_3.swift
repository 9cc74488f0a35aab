/// The answer to exercise 9.3.
///
/// Why this way: sums may be parted, means may not. Two mistakes: a part with one trained row had as
/// much to say as one with a thousand, and 0 times infinity is NaN, as is 0/0 of a part without trained
/// rows. So rows are left out and not multiplied by 0, and there is one division, at the end, by what
/// was counted over all parts. Where the loss of a part must be divided at once, as by a tape that
/// is thrown away, it is divided by that number too, which has to be counted beforehand.
public func stepMean(_ parts: [[Mutants9_3.Row]]) throws -> Mutants9_3.Mean {
  mean(of: parts.joined().filter(\.isTrained))
}

private func mean(
  of rows: some Collection<Mutants9_3.Row>, over count: Int? = nil
) -> Mutants9_3.Mean {
  let count = count ?? rows.count
  guard count > 0 else { return (0, 0) }
  let sum = rows.reduce(into: (loss: 0.0, slope: 0.0)) {
    $0.loss += $1.loss
    $0.slope += $1.slope
  }
  return (sum.loss / Double(count), sum.slope / Double(count))
}

/// Wrong answers to exercise 9.3.
public enum Mutants9_3 {
  /// A position.
  public typealias Row = (loss: Double, slope: Double, isTrained: Bool)
  /// What the exercise asks for.
  public typealias Mean = (loss: Double, slope: Double)

  private static func meanOfMeans(_ means: [Mean]) -> Mean {
    mean(of: means.map { ($0.loss, $0.slope, true) })
  }

  private static func masked(_ row: Row) -> Row {
    let weight = row.isTrained ? 1.0 : 0
    return (row.loss * weight, row.slope * weight, true)
  }

  /// Leaves both mistakes.
  public static func leavesIt(_ parts: [[Row]]) throws -> Mean {
    meanOfMeans(
      parts.map { part in
        let count = Double(part.count(where: \.isTrained))
        let sum = part.map(masked).reduce(into: (loss: 0.0, slope: 0.0)) {
          $0.loss += $1.loss
          $0.slope += $1.slope
        }
        return (sum.loss / count, sum.slope / count)
      })
  }

  /// Passes over parts without trained rows, and takes the mean of the other means.
  public static func skipsEmptyParts(_ parts: [[Row]]) throws -> Mean {
    let trained = parts.map { $0.filter(\.isTrained) }.filter { !$0.isEmpty }
    return meanOfMeans(trained.map { mean(of: $0) })
  }

  /// Counts a part without trained rows as one with a mean of 0.
  public static func countsEmptyParts(_ parts: [[Row]]) throws -> Mean {
    meanOfMeans(parts.map { mean(of: $0.filter(\.isTrained)) })
  }

  /// Divides by all rows, padding and prompts too.
  public static func countsAllRows(_ parts: [[Row]]) throws -> Mean {
    mean(of: parts.joined().filter(\.isTrained), over: parts.joined().count)
  }

  /// Multiplies by the mask.
  public static func multiplies(_ parts: [[Row]]) throws -> Mean {
    let count = parts.joined().count(where: \.isTrained)
    return mean(of: parts.joined().map(masked), over: count)
  }

  /// Divides the loss, which people look at, and not the slope, which acts.
  public static func sumsTheSlopes(_ parts: [[Row]]) throws -> Mean {
    let trained = parts.joined().filter(\.isTrained)
    return (mean(of: trained).loss, trained.reduce(0) { $0 + $1.slope })
  }

  /// Divides by nothing when nothing was trained.
  public static func dividesByNothing(_ parts: [[Row]]) throws -> Mean {
    let trained = parts.joined().filter(\.isTrained)
    return trained.isEmpty ? (.nan, .nan) : mean(of: trained)
  }

  /// Replaces what is not finite by 0, wherever it was.
  public static func hidesWhatBroke(_ parts: [[Row]]) throws -> Mean {
    let trained = parts.joined().filter(\.isTrained)
    return mean(
      of: trained.map {
        ($0.loss.isFinite ? $0.loss : 0, $0.slope.isFinite ? $0.slope : 0, true)
      })
  }
}
