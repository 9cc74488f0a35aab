import Attention
import Foundation
import MoE

/// Watches the reports of a training and says when something is wrong.
///
/// A value that is stored with a run, so that a continued run judges as the whole one would have.
public struct TrainingMonitor: Sendable, Equatable, Codable {
  /// What is taken for a fault.
  public struct Limits: Sendable, Equatable, Codable {
    /// The losses that tell how large the noise is.
    public var window = 64
    /// The last of them, which tell where the curve is.
    public var near = 16
    /// The fewest losses that can tell; a rise that lasts as long is the rule.
    public var fewest = 32
    /// By how many deviations a loss must exceed the median.
    public var deviations = 8.0
    /// By what share of the median it must exceed it at least, however quiet the curve.
    public var rise = 0.1
    /// The share of an even load below which an expert counts as idle.
    public var idleShare = 0.02
    /// The steps in a row after which an idle expert counts as dead.
    public var idleSteps = 100
    /// The share of the greatest possible violation at which a router counts as collapsed.
    public var collapse = 0.9
    /// The steps in a row after which it is said.
    public var collapseSteps = 20

    /// The usual limits.
    public init() {}
  }

  /// Something that is wrong.
  public struct Finding: Sendable, Equatable, Codable {
    /// What sort of fault it is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// A loss far above those before it.
      case spike
      /// A loss or a gradient that is not a number.
      case notFinite = "not_finite"
      /// An expert that gets no tokens.
      case deadExpert = "dead_expert"
      /// A router that sends everything to the same few experts.
      case collapse
    }

    /// The sort.
    public let kind: Kind
    /// The step that showed it.
    public let step: Int
    /// What was seen, in one sentence.
    public let sentence: String

    /// Joins what is known.
    public init(kind: Kind, step: Int, sentence: String) {
      (self.kind, self.step, self.sentence) = (kind, step, sentence)
    }
  }

  /// The limits.
  public let limits: Limits
  /// The experts that each token visits.
  public let active: Int
  private var losses: [Double] = []
  /// The losses in a row that were too high.
  private var high = 0
  /// For each router the steps in a row that each expert has been idle.
  private var idle: [[Int]] = []
  /// For each router the steps in a row that it has been collapsed.
  private var collapsed: [Int] = []

  /// Begins to watch a model whose tokens visit so many experts.
  public init(_ limits: Limits = Limits(), activeExperts: Int = 1) {
    self.limits = limits
    active = activeExperts
  }

  /// Judges a step.
  public mutating func observe(_ report: StepReport) -> [Finding] {
    observe(
      step: report.step, loss: report.loss, loads: report.observations.loads.map(\.counts))
  }

  /// The same for bare numbers: the loss, and for each router the rows of its experts.
  public mutating func observe(step: Int, loss: Double, loads: [[Int]] = []) -> [Finding] {
    var findings: [Finding] = []
    if let finding = judge(loss, step) { findings.append(finding) }
    if idle.count != loads.count {
      idle = loads.map { [Int](repeating: 0, count: $0.count) }
      collapsed = loads.map { _ in 0 }
    }
    for (router, counts) in loads.enumerated() {
      findings += judge(counts, of: router, step)
    }
    return findings
  }

  /// What is wrong with a step that could not be taken.
  public func finding(_ error: TrainingError, step: Int) -> Finding? {
    switch error {
    case .lossNotFinite, .gradientNotFinite:
      Finding(kind: .notFinite, step: step, sentence: error.description)
    case .noGradient, .cannotResume: nil
    }
  }

  // MARK: Spikes

  /// Compares a loss with the median of the few before it, in units of the noise.
  ///
  /// The noise is told by the differences of neighbours: 1.4826 / √2 times the median of their sizes,
  /// which for normal noise is the standard deviation. A fall of the curve hardly enters it, and
  /// a few outliers do not move it. What lasts is said once, and is the rule after a while.
  private mutating func judge(_ loss: Double, _ step: Int) -> Finding? {
    guard loss.isFinite else {
      return Finding(
        kind: .notFinite, step: step, sentence: "The loss of step \(step) is \(loss).")
    }
    if losses.count >= limits.fewest {
      // snippet.spike
      let near = losses.suffix(limits.near)
      let median = Self.median(Array(near))
      let jumps = zip(losses.dropFirst(), losses).map { abs($0 - $1) }
      let deviation = 1.4826 / 2.0.squareRoot() * Self.median(jumps)
      let excess = loss - median
      // snippet.end
      if excess > limits.deviations * deviation, excess > limits.rise * abs(median) {
        high += 1
        if high >= limits.fewest { (losses, high) = ([], 0) }
        guard high == 1 else { return nil }
        let times = deviation > 0 ? Self.short(excess / deviation) : "many"
        return Finding(
          kind: .spike, step: step,
          sentence:
            "The loss of step \(step) is \(Self.short(loss)), \(times) deviations above "
            + "the median \(Self.short(median)) of the \(near.count) before it.")
      }
    }
    high = 0
    losses.append(loss)
    if losses.count > limits.window { losses.removeFirst() }
    return nil
  }

  static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }

  // MARK: Experts

  private mutating func judge(_ counts: [Int], of router: Int, _ step: Int) -> [Finding] {
    var findings: [Finding] = []
    let even = Double(counts.reduce(0, +)) / Double(max(counts.count, 1))
    guard even > 0 else { return [] }
    for (expert, count) in counts.enumerated() {
      idle[router][expert] =
        Double(count) < limits.idleShare * even ? idle[router][expert] + 1 : 0
      guard idle[router][expert] == limits.idleSteps else { continue }
      findings.append(
        Finding(
          kind: .deadExpert, step: step,
          sentence: "Expert \(expert) of router \(router) has had less than "
            + "\(Self.short(100 * limits.idleShare)) % of an even share for "
            + "\(limits.idleSteps) steps, up to step \(step)."))
    }
    let greatest = Double(counts.count) / Double(active) - 1
    guard greatest > 0 else { return findings }
    let violation = maximalViolation(counts)
    collapsed[router] = violation >= limits.collapse * greatest ? collapsed[router] + 1 : 0
    if collapsed[router] == limits.collapseSteps {
      findings.append(
        Finding(
          kind: .collapse, step: step,
          sentence:
            "Router \(router) has collapsed: for \(limits.collapseSteps) steps up to step "
            + "\(step) its busiest expert got nearly all tokens, MaxVio "
            + "\(Self.short(violation)) of at most \(Self.short(greatest))."))
    }
    return findings
  }

  private static func short(_ number: Double) -> String { String(format: "%.4g", number) }
}
