import Attention
import Text

/// How a policy does on the examination that every policy sits: the sums that it is trained on,
/// and the controls that no reward watches.
public struct ReasonerMarks: Codable, Sendable, Equatable {
  /// The sums of one number of digits, or a control.
  public struct Part: Codable, Sendable, Equatable {
    /// The family and the number of digits, such as "digitSum 8".
    public let name: String
    /// The problems.
    public let problems: Int
    /// Greedy accuracy, and its interval of 95 %.
    public let greedy, low, high: Double
    /// The mean tokens of a greedy response.
    public let greedyLength: Double
    /// pass@1, pass@8 and cons@8 of samples at T = 1.
    public let passAt1, passAt8, consensus: Double
    /// The mean tokens of a sample.
    public let length: Double
    /// The share of samples with an answer where it belongs.
    public let valid: Double
    /// For each problem whether the greedy answer is right, for paired comparisons.
    public let right: [Bool]

    /// Sums up marks of eight samples.
    init(_ name: String, _ marks: Marks) {
      self.name = name
      problems = marks.greedy.count
      greedy = marks.greedyAccuracy
      (low, high) = (marks.greedyInterval.low, marks.greedyInterval.high)
      greedyLength = marks.greedyShape.length
      (passAt1, passAt8) = (marks.pass(at: 1), marks.pass(at: 8))
      consensus = marks.consensus
      (length, valid) = (marks.sampledShape.length, marks.sampledShape.valid)
      right = marks.greedy.map(\.isRight)
    }
  }

  /// The sums, or the problems of the family that is trained, by size.
  public let sums: [Part]
  /// Sorting and copying of four to six digits.
  public let controls: [Part]

  /// Examines a policy; the problems depend on nothing but the sizes and their number.
  public init(
    of model: LanguageModel, task: TaskKind = .digitSum, sizes: ClosedRange<Int>,
    problems: Int, budget: Int = 40, alphabet: TaskAlphabet = .standard
  ) {
    let examination = Examination(alphabet: alphabet, budget: budget, samples: 8)
    func part(_ kind: TaskKind, _ size: Int) -> Part {
      let items = TaskMix.heldOut(kind, size: size, count: problems)
      return Part("\(kind.rawValue) \(size)", examination.marks(of: model, on: items))
    }
    sums = sizes.map { part(task, $0) }
    controls = (4...6).flatMap { [part(.sorting, $0), part(.copying, $0)] }
  }

  /// The mean over the sizes of a number.
  public func mean(_ number: (Part) -> Double) -> Double { sums.mean(number) }

  /// The mean greedy accuracy of the controls of one family.
  public func control(_ kind: TaskKind) -> Double {
    controls.filter { $0.name.hasPrefix(kind.rawValue + " ") }.mean(\.greedy)
  }
}
