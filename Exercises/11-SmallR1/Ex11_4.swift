import ExerciseKit

/// Exercise 11.4 ●● Which of two (20 minutes).
///
/// A reward model has a number at every position of every text: `scores[row][position]`. Texts are of
/// different lengths and padded at their ends; the score r of a text is the number at its last token,
/// at `lengths[row]` − 1. What stands behind it is of no text, and may be anything, even NaN. Return
/// the mean over the pairs, and its slope along every number:
///
///     L = 1/n Σ −log σ(r_chosen − r_rejected)     ∂L/∂r_chosen = −σ(r_rejected − r_chosen) / n
///
/// A text may be in several pairs. Without pairs all is 0. Scores lie between −1000 and 1000, and no
/// loss may overflow.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 11.4"`
public func preference(
  scores: [[Double]], lengths: [Int], pairs: [(chosen: Int, rejected: Int)]
) throws -> (loss: Double, slopes: [[Double]]) {
  throw Unfinished("11.4")  // TODO: replace this line
}
