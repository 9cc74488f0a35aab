import ExerciseKit

/// Exercise 11.3 ●● The base once more (15 minutes).
///
/// The third stage: the model of the last reinforcement, the policy, has answered sums, and from its
/// texts the *base* learns again. Return
///
/// - `start`: the weights from which the training starts;
/// - `thoughts`: the places in `replies` of what is read: right, finished, with a thought that has
///   words, all of the question's tongue. Words are the digits `0` to `9` and the letters `a` to `j`;
///   other characters are signs, of neither tongue;
/// - `others`: how many texts without reasoning are added, so that they are `share` of all that is
///   read, rounded down, but never more than there are.
///
/// DeepSeek had 600 000 and 200 000: a share of a quarter. The function below runs, and its loss falls.
/// But the new model is bent as the policy was, still mixes, now and then does not end, and hears of
/// other things more seldom than was planned.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 11.3"`
public func thirdStage(
  base: [Float], policy: [Float],
  replies: [(isInLetters: Bool, thought: String, isRight: Bool, isFinished: Bool)],
  others: Int, share: Double
) throws -> (start: [Float], thoughts: [Int], others: Int) {
  try stillBroken()  // TODO: delete this line
  let kept = replies.indices.filter { place in
    let words = replies[place].thought.filter { $0.isLetter || $0.isNumber }
    let isPure = words.allSatisfy(\.isLetter) || words.allSatisfy(\.isNumber)
    return replies[place].isRight && isPure
  }
  let wanted = Int(share * Double(kept.count))
  return (policy, kept, min(wanted, others))
}

private func stillBroken() throws { throw Unfinished("11.3") }
