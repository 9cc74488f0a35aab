import ExerciseKit

/// Exercise 12.3 ●● Any input that works (15 minutes).
///
/// A judge of predicted inputs. A program was run on `x` and gave a result; a model was shown the
/// result and asked what was put in. Its answer is right if the program gives the same result for it,
/// whether or not it is `x`. Legal answers are one or two digits and nothing else. Anything else
/// cannot be tried: that gives nil, and is no wrong answer.
///
/// The judge below is refused by two sides: right answers are called wrong, and `+4` is believed.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 12.3"`
public func judgedInput(
  _ answer: String, x: Int, program: (Int) -> Int
) throws -> Bool? {
  try stillBroken()  // TODO: delete this line
  guard let predicted = Int(answer) else { return nil }
  return predicted == x
}

private func stillBroken() throws { throw Unfinished("12.3") }
