import ExerciseKit

/// Exercise 3.1 ● When to expand (10 minutes).
///
/// Predict two numbers before you run anything. A layer of DeepSeek-V3 has 128 heads, a latent of
/// 512, content parts of 128, rotary parts of 64 and values of 128. Its cache is long, and n new
/// tokens come at once; what does not grow with the cache may be left out.
///
/// The absorbed form pays 278 528 FLOP for each pair of a new and a cached token. The expanded form
/// pays 81 920, but before that it must make the content keys and the values of all heads from each
/// cached latent, once for all n. A multiplication and an addition are two FLOP.
///
/// Return what making them costs for one cached token, in FLOP, and the smallest n for which the
/// expanded form is cheaper.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 3.1"`
public func expansionPaysOff() throws -> (flopPerToken: Int, newTokens: Int) {
  throw Unfinished("3.1")  // TODO: replace this line
}
