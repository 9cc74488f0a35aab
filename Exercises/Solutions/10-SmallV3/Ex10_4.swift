/// The answer to exercise 10.4.
///
/// Why this way: of n numbers none lies more than √(n − 1) deviations from their mean, so of 64 none
/// lies 8 away: a spike that is among the numbers it is compared with can never be found. So it is
/// left out, and so are the earlier spikes, or the first would excuse the second. Medians do not move
/// for one outlier. Differences of neighbours see the noise and hardly the fall of the curve, which
/// would be most of a spread. And NaN is neither above nor below anything: `loss - median > x` is false
/// for it, so it has to be asked for by name.
public func spikes(in losses: [Double]) throws -> [Int] { Watchman().spikes(in: losses) }

private struct Watchman {
  var looksAtItself = false
  var remembersSpikes = false
  var passesWhatIsNoNumber = false
  var forgetsTheTenth = false
  var looksBothWays = false
  var fewest = 32
  var center = median
  var noise: @Sendable ([Double]) -> Double = { good in
    let jumps = zip(good.dropFirst(), good).map { abs($0 - $1) }
    return 1.4826 / 2.0.squareRoot() * median(jumps)
  }

  func spikes(in losses: [Double]) -> [Int] {
    var (found, good): ([Int], [Double]) = ([], [])
    for (step, loss) in losses.enumerated() {
      let seen = looksAtItself && loss.isFinite ? good + [loss] : good
      let isSpike =
        loss.isFinite
        ? good.count >= fewest && exceeds(loss, seen) : !passesWhatIsNoNumber
      if isSpike { found.append(step) }
      if loss.isFinite, !isSpike || remembersSpikes { good.append(loss) }
    }
    return found
  }

  private func exceeds(_ loss: Double, _ good: [Double]) -> Bool {
    let middle = center(Array(good.suffix(16)))
    let excess = looksBothWays ? abs(loss - middle) : loss - middle
    return excess > 8 * noise(Array(good.suffix(64)))
      && (forgetsTheTenth || excess > 0.1 * abs(middle))
  }
}

@Sendable private func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1
    ? sorted[middle] : (sorted[max(middle - 1, 0)] + sorted[middle]) / 2
}

@Sendable private func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}

/// Wrong answers to exercise 10.4.
public enum Mutants10_4 {
  /// Compares a loss with the mean and the deviation of a window that it is in.
  public static func leavesIt(in losses: [Double]) throws -> [Int] {
    losses.indices.filter { step in
      let seen = Array(losses[max(0, step - 63)...step])
      let spread = mean(seen.map { ($0 - mean(seen)) * ($0 - mean(seen)) }).squareRoot()
      return seen.count > 32 && losses[step] - mean(seen) > 8 * spread
    }
  }

  /// Lets a loss count among those that it is compared with.
  public static func looksAtItself(in losses: [Double]) throws -> [Int] {
    Watchman(looksAtItself: true).spikes(in: losses)
  }

  /// Compares with means.
  public static func takesMeans(in losses: [Double]) throws -> [Int] {
    Watchman(center: mean).spikes(in: losses)
  }

  /// Takes the spread of the losses for their noise.
  public static func takesTheSpread(in losses: [Double]) throws -> [Int] {
    Watchman(noise: { good in
      let middle = median(good)
      return 1.4826 * median(good.map { abs($0 - middle) })
    }).spikes(in: losses)
  }

  /// Forgets that a difference has two noises in it.
  public static func forgetsTheRoot(in losses: [Double]) throws -> [Int] {
    Watchman(noise: { good in
      1.4826 * median(zip(good.dropFirst(), good).map { abs($0 - $1) })
    }).spikes(in: losses)
  }

  /// Lets spikes count among the good.
  public static func remembersSpikes(in losses: [Double]) throws -> [Int] {
    Watchman(remembersSpikes: true).spikes(in: losses)
  }

  /// Finds nothing wrong with what is not a number.
  public static func passesNothing(in losses: [Double]) throws -> [Int] {
    Watchman(passesWhatIsNoNumber: true).spikes(in: losses)
  }

  /// Cries at every rise of a quiet curve.
  public static func forgetsTheTenth(in losses: [Double]) throws -> [Int] {
    Watchman(forgetsTheTenth: true).spikes(in: losses)
  }

  /// Cries when the loss falls.
  public static func looksBothWays(in losses: [Double]) throws -> [Int] {
    Watchman(looksBothWays: true).spikes(in: losses)
  }

  /// Judges before it knows anything.
  public static func judgesEarly(in losses: [Double]) throws -> [Int] {
    Watchman(fewest: 3).spikes(in: losses)
  }
}
