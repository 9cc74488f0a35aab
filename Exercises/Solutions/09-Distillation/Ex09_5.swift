/// The answer to exercise 9.5.
///
/// Why this way: rejecting what is wrong makes the hard problems rare, since of sixteen tries at an easy
/// one sixteen are kept. The limit gives that back. It takes the first that are right and not the
/// shortest: to choose by length is to teach a length. It counts what is kept; of the first two draws
/// alone a hard problem has often none. And everything goes by `draw`, for the order of arrival is
/// the one thing that no seed decides.
public func kept(
  _ samples: [Mutants9_5.Sample], end: Int, atMost limit: Int
) throws -> [Int] {
  choose(samples, limit) { $0.isRight && $0.tokens.last == end }
}

/// - Parameters:
///   - order: the order in which samples of a problem are looked at.
///   - mark: what must be new; the tokens of a problem.
private func choose(
  _ samples: [Mutants9_5.Sample], _ limit: Int,
  by order: (Mutants9_5.Sample, Mutants9_5.Sample) -> Bool = { $0.draw < $1.draw },
  mark: (_ problem: Int, _ tokens: [Int], _ place: Int) -> [Int] = { problem, tokens, _ in
    [problem] + tokens
  },
  where isGood: (Mutants9_5.Sample) -> Bool
) -> [Int] {
  let places = samples.indices.filter { isGood(samples[$0]) }.sorted { i, j in
    order(samples[i], samples[j])
  }
  var (result, seen, counts) = ([Int](), Set<[Int]>(), [Int: Int]())
  for place in places {
    let (problem, _, tokens, _) = samples[place]
    guard counts[problem, default: 0] < limit,
      seen.insert(mark(problem, tokens, place)).inserted
    else { continue }
    counts[problem, default: 0] += 1
    result.append(place)
  }
  return result.sorted {
    (samples[$0].problem, samples[$0].draw) < (samples[$1].problem, samples[$1].draw)
  }
}

/// Wrong answers to exercise 9.5.
public enum Mutants9_5 {
  /// A response of a teacher.
  public typealias Sample = (problem: Int, draw: Int, tokens: [Int], isRight: Bool)

  /// Keeps what was cut short, if its answer could be read.
  public static func keepsTheCut(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] { choose(samples, limit) { $0.isRight } }

  /// Looks for an end anywhere.
  public static func findsAnyEnd(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] { choose(samples, limit) { $0.isRight && $0.tokens.contains(end) } }

  /// Keeps what ended, right or wrong.
  public static func judgesNothing(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] { choose(samples, limit) { $0.tokens.last == end } }

  /// Keeps the same response twice.
  public static func keepsTwins(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] {
    choose(samples, limit, mark: { _, _, place in [place] }) {
      $0.isRight && $0.tokens.last == end
    }
  }

  /// Takes equal responses to two problems for the same.
  public static func forgetsTheProblem(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] {
    choose(samples, limit, mark: { _, tokens, _ in tokens }) {
      $0.isRight && $0.tokens.last == end
    }
  }

  /// Keeps the shortest.
  public static func prefersTheShort(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] {
    choose(samples, limit, by: { ($0.tokens.count, $0.draw) < ($1.tokens.count, $1.draw) }) {
      $0.isRight && $0.tokens.last == end
    }
  }

  /// Keeps those that arrive first.
  public static func trustsTheThreads(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] {
    choose(samples, limit, by: { _, _ in false }) { $0.isRight && $0.tokens.last == end }
  }

  /// Judges the first few of a problem, and no more.
  public static func limitsTheTries(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] {
    choose(samples, limit) { $0.draw < limit && $0.isRight && $0.tokens.last == end }
  }

  /// Forgets the limit.
  public static func keepsAll(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] { choose(samples, .max) { $0.isRight && $0.tokens.last == end } }

  /// Returns them as they arrived.
  public static func leavesTheOrder(
    _ samples: [Sample], end: Int, atMost limit: Int
  ) throws -> [Int] { try kept(samples, end: end, atMost: limit).sorted() }
}
