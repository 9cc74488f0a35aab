import Attention
import RL
import Text

/// The problems that choose the best of a run, which are not those of its examination.
struct Validation: Sendable {
  private let sums: [[TaskItem]]
  private let plain: [TaskItem]
  private let examination: Examination

  init(sizes: ClosedRange<Int>, problems: Int, budget: Int, alphabet: TaskAlphabet) {
    sums = sizes.map { TaskMix.heldOut(.digitSum, size: $0, count: problems, seed: 1) }
    plain = [TaskKind.sorting, .copying].flatMap { kind in
      (5...6).flatMap {
        TaskMix.heldOut(kind, size: $0, count: max(1, problems / 2), seed: 1)
      }
    }
    examination = Examination(alphabet: alphabet, budget: budget, samples: 0)
  }

  /// The greedy accuracy on the controls.
  func controls(of model: LanguageModel) -> Double {
    examination.marks(of: model, on: plain).greedyAccuracy
  }

  /// The mean greedy accuracy over the sizes, and the mean length.
  func sums(of model: LanguageModel) -> (accuracy: Double, length: Double) {
    let marks = sums.map { examination.marks(of: model, on: $0) }
    let count = Double(marks.count)
    return (
      marks.reduce(0) { $0 + $1.greedyAccuracy } / count,
      marks.reduce(0) { $0 + $1.greedyShape.length } / count
    )
  }

  /// A problem, as a question.
  var question: String { sums[0][0].prompt }
}

extension DistillationRun {
  /// Looks at problems that are not trained on, and tells whether the student is as good as it ever was.
  ///
  /// Its score is the mean greedy accuracy over the sizes. A student that has lost more of the
  /// controls than the plan tolerates has no score.
  public mutating func look(_ report: inout StudentReport) -> Bool {
    let (accuracy, length) = validation.sums(of: student)
    let kept = validation.controls(of: student)
    (report.greedy, report.greedyLength, report.controls) = (accuracy, length, kept)
    let least = (controlOfBase ?? 0) - plan.tolerance
    let isKept = kept >= least
    misses = isKept && accuracy > best.score ? 0 : misses + 1
    // Of equals the latest: its samples go on improving when its greedy answers are all right.
    guard isKept, accuracy >= best.score else { return false }
    best = (accuracy, step)
    return true
  }

  /// The student's likeliest response to a problem that is not trained on, as text.
  public var transcript: String {
    let prompt = alphabet.prompt(validation.question)
    let rollout = Rollout.greedy(budget: plan.samples.budget, stops: [alphabet.end])
    let response = student.responses(to: [prompt], rollout, seed: 0)[0][0]
    return alphabet.tokenizer.decode(prompt + response.tokens)
  }
}
