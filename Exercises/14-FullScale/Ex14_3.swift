import ExerciseKit

/// Exercise 14.3 ●● An MFU that is too good (15 minutes).
///
/// MFU is what the model needs over what the cards could do:
///
///     FLOP for a token · tokens a second / (cards · peak)
///
/// For V3's measured 272.8 billion tokens a day on 2048 H800 this function says 188. Three things
/// are wrong with it: which weights it counts, how it makes seconds of a day, and whose peak it
/// divides by. Repair it. Attention is left out here, so .342 is right.
///
/// - Parameters:
///   - total: all weights.
///   - visited: the weights that a token is multiplied with.
///   - sparsePeak: FLOP/s of a card as its data sheet boasts, with half of all products left out
///     because a factor is zero.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 14.3"`
public func utilization(
  total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
) throws -> Double {
  try stillBroken()  // TODO: delete this line
  let work = 6 * total
  let tokensPerSecond = tokensPerDay / (24 * 60)
  return work * tokensPerSecond / (cards * sparsePeak)
}

private func stillBroken() throws { throw Unfinished("14.3") }
