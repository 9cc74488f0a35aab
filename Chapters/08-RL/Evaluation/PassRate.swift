import Tensors

/// What several samples say about a chance of success.
public enum PassRate {
  // snippet.pass-at
  /// The chance that at least one of k samples is right, from n samples of which c are.
  ///
  /// pass@k = 1 − C(n−c, k) / C(n, k) = 1 − Π_{i=n−c+1}^{n} (1 − k/i): the share of the choices
  /// of k among the n that have a right one. It has no bias, where 1 − (1 − c/n)ᵏ has; the
  /// product needs no large numbers. Paper: Chen and others 2021, "Evaluating large language
  /// models trained on code", §2.1.
  public static func atLeastOne(of k: Int, right: Int, among samples: Int) -> Double {
    insist(
      (1...max(samples, 1)).contains(k) && (0...samples).contains(right),
      "pass@\(k) needs at least \(k) samples and no more right ones than samples, "
        + "not \(right) of \(samples)")
    guard samples - right >= k else { return 1 }
    var allWrong = 1.0
    for i in samples - right + 1..<samples + 1 { allWrong *= 1 - Double(k) / Double(i) }
    return 1 - allWrong
  }
  // snippet.end

  /// The chance that the commonest answer is right; of equally common ones each is as likely
  /// taken.
  ///
  /// cons@n: samples without an answer have no vote. Without any vote it is 0.
  /// Paper: DeepSeek-R1 §3, cons@64.
  public static func consensus(of answers: [String?], isRight: (String) -> Bool) -> Double {
    var votes: [String: Int] = [:]
    for case let answer? in answers { votes[answer, default: 0] += 1 }
    guard let most = votes.values.max() else { return 0 }
    let top = votes.filter { $0.value == most }.keys
    return Double(top.count(where: isRight)) / Double(top.count)
  }
}

/// An interval that holds a true share with a chance of 95 %.
public struct ShareInterval: Sendable, Equatable {
  /// Its ends.
  public let low, high: Double

  /// Describes an interval.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Wilson's interval for a share of which `successes` of `trials` were seen.
  ///
  ///     (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n),   z = 1.96
  ///
  /// It is right at 0 and at n successes too, where p̂ ± z·√(p̂(1−p̂)/n) has no width.
  /// Paper: Wilson 1927.
  public static func wilson(_ successes: Int, of trials: Int) -> ShareInterval {
    insist(
      trials > 0 && (0...trials).contains(successes),
      "Wilson's interval: \(successes) of \(trials) is no share")
    let (z, n) = (1.96, Double(trials))
    let share = Double(successes) / n
    let centre = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return ShareInterval(
      low: max(0, (centre - half) / scale), high: min(1, (centre + half) / scale))
  }

  /// The interval of a mean difference between two models on the same problems.
  ///
  /// Problems are drawn again with both of their scores together, `resamples` times; the
  /// interval leaves out the 2.5 % at either end. If it excludes 0, the models differ.
  public static func pairedBootstrap(
    _ before: [Double], _ after: [Double], resamples: Int = 10_000, seed: UInt64 = 0
  ) -> ShareInterval {
    insist(
      before.count == after.count && !before.isEmpty,
      "a paired bootstrap needs both scores of each problem, not \(before.count) and \(after.count)"
    )
    let differences = zip(before, after).map { $1 - $0 }
    var generator = SplitMix64(seed: seed)
    let count = UInt64(differences.count)
    let means = (0..<resamples).map { _ in
      var sum = 0.0
      for _ in differences {
        sum += differences[Int(generator.next().multipliedFullWidth(by: count).high)]
      }
      return sum / Double(differences.count)
    }.sorted()
    let cut = resamples / 40
    return ShareInterval(low: means[cut], high: means[resamples - 1 - cut])
  }
}
