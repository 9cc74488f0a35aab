import RL
import Tensors
import Text

/// How people write who have written the text of a base: mixed, now and then wrong, sometimes
/// seeing it.
///
/// These are the faults that the stages of R1 must remove, planted so that we know of them.
public struct BaseHabits: Sendable, Equatable {
  /// The share of thoughts in the question's tongue, and in the other; the rest changes on the way.
  public var matching = 0.6, foreign = 0.2
  /// The share of thoughts with a wrong sum that is noticed at once: `;`, and all from the start.
  public var retries = 0.1
  /// The share of thoughts that are spoilt in one of three ways and stay so.
  public var damage = 0.05

  /// The usual habits.
  public init() {}

  /// Draws the tongue of each pair of a thought.
  func tongues(
    of question: Question, using generator: inout some RandomNumberGenerator
  ) -> [Tongue] {
    let pairs = question.digits.count
    let draw = generator.uniform()
    let own = question.tongue
    if draw < matching || pairs < 2 { return [Tongue](repeating: own, count: pairs) }
    if draw < matching + foreign { return [Tongue](repeating: own.other, count: pairs) }
    let first = generator.uniform() < 0.5 ? own : own.other
    let change = 1 + Draw.below(pairs - 1, using: &generator)
    return (0..<pairs).map { $0 < change ? first : first.other }
  }

  /// Draws the response to a question: at once, or after a thought.
  func response(
    to question: Question, thinks: Bool, in alphabet: TaskAlphabet,
    using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    guard let answer = question.answer else {
      return alphabet.response(
        thought: nil, answer: RequestReplies.rough(question, using: &generator))
    }
    guard thinks, !question.steps.isEmpty else {
      return alphabet.response(thought: nil, answer: answer)
    }
    let tongues = tongues(of: question, using: &generator)
    let thought = Self.write(question.steps, in: tongues)
    let fate = generator.uniform()
    if fate < retries {
      let start = Self.falseStart(question.steps, in: tongues, using: &generator)
      return alphabet.response(thought: start + String(Editor.retry) + thought, answer: answer)
    }
    guard fate < retries + damage else {
      return alphabet.response(thought: thought, answer: answer)
    }
    let (think, endThink, end) = ([alphabet.think], [alphabet.endThink], [alphabet.end])
    switch Draw.below(3, using: &generator) {
    case 0: return think + alphabet.encode(thought + answer) + end
    case 1:
      let wrong = Draw.below(10, using: &generator)
      let last = (tongues.last ?? question.tongue).writing([wrong])
      return alphabet.response(
        thought: thought.dropLast() + last, answer: question.tongue.writing([wrong]))
    default: return think + alphabet.encode(thought) + endThink + end
    }
  }

  /// Writes pairs of digit and sum, each pair in its tongue.
  static func write(_ steps: [Int], in tongues: [Tongue]) -> String {
    tongues.enumerated().map { $1.writing(steps[2 * $0..<2 * $0 + 2]) }.joined()
  }

  /// The beginning of a thought up to a sum that is wrong.
  private static func falseStart(
    _ steps: [Int], in tongues: [Tongue], using generator: inout some RandomNumberGenerator
  ) -> String {
    let pair = Draw.below(tongues.count, using: &generator)
    var steps = steps
    let shift = 1 + Draw.below(9, using: &generator)
    steps[2 * pair + 1] = (steps[2 * pair + 1] + shift) % 10
    return write(steps, in: Array(tongues[...pair]))
  }
}
