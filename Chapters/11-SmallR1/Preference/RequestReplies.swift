import Tensors
import Text

/// Answers to requests as people write them.
enum RequestReplies {
  /// As the base's text has them: one to six words, a third of them not what was asked for.
  static func rough(
    _ question: Question, using generator: inout some RandomNumberGenerator
  ) -> String {
    var free = Draw.shuffled(missing(from: question), using: &generator)
    var text = ""
    for _ in 0..<1 + Draw.below(6, using: &generator) {
      let draw = generator.uniform()
      if draw < 0.65, let digit = free.popLast() {
        text += question.tongue.writing([digit])
      } else if draw < 0.85 {
        text += question.tongue.writing([Draw.below(10, using: &generator)])
      } else {
        text += question.tongue.other.writing([Draw.below(10, using: &generator)])
      }
    }
    return text
  }

  /// As writers of training data have them: nothing wrong, but often less than is wanted.
  ///
  /// One, two or three right words, as 3 : 4 : 3.
  static func written(
    _ question: Question, using generator: inout some RandomNumberGenerator
  ) -> String {
    let count = 1 + Draw.index(weights: [3, 4, 3], using: &generator)
    let free = Draw.shuffled(missing(from: question), using: &generator)
    return question.tongue.writing(free.prefix(count))
  }

  private static func missing(from question: Question) -> [Int] {
    (0..<10).filter { !question.digits.contains($0) }
  }
}
