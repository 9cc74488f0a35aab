import ExerciseKit

/// Exercise 11.1 ● Paid for what? (10 minutes).
///
/// A response is paid R = accuracy + w · consistency: 1 for a right answer, and w times the share of
/// its thought's words that are of the question's tongue. Letters are digits, `a` for 0 to `j` for 9,
/// and each is a word; a response without a thought has no share and gets no w. Predict, within .001:
///
/// - `payments`: with w = ½, of four responses to `bjc+`, the last digit of 1 + 9 + 2, in this order:
///   the thought `bbjacc` and the answer `c`; `bb90cc` and `c`; `bbjacd` and `d`; `c` at once.
/// - `loud`, `soft`: three other responses are wrong, and their shares are 1, ½ and 0. Predict the
///   advantage (R − mean) / deviation of the first, with w = ½, and with w = 1/1000.
/// - `weight`: the w at which a wrong answer after a thought in the right tongue is paid as much as a
///   right one after a thought in the other tongue.
/// - `chance`, `slope`: a reward model gives two answers the scores r + log 3 and r. Predict the
///   chance σ(r_w − r_l) that the first is liked better, and, when it was, the slope of
///   −log σ(r_w − r_l) along its score.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 11.1"`
public func paidForWhat() throws -> (
  payments: [Double], loud: Double, soft: Double, weight: Double, chance: Double, slope: Double
) {
  throw Unfinished("11.1")  // TODO: replace this line
}
