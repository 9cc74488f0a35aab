import Attention
import MTP
import RL
import Text

/// How a model that was trained at some rate of rearranged documents fills holes and reads on.
public struct MiddleTrial: Codable, Sendable, Equatable {
  /// The share of rearranged documents in the training.
  public let rate: Double
  /// The steps, and the tokens that were read in them.
  public let steps, tokens: Int
  /// The seconds of the training.
  public let seconds: Double
  /// The ordinary loss on other documents, left to right, in nats a token.
  public let loss: Double
  /// The holes of the examination, and those of them within a program.
  public let holes, holesInPrograms: Int
  /// The middles that are met exactly by going on from the prefix alone.
  public let continued: Share
  /// The middles that are met exactly between both sides; nil at the rate 0, which never saw one.
  public let filled: Share?

  /// A share of the holes, with its interval of 95 %.
  public struct Share: Codable, Sendable, Equatable {
    /// The share of all holes.
    public let share, low, high: Double
    /// The share of the holes within a program.
    public let inPrograms: Double
    /// The share by the length of the hole, from 1 to 10.
    public let byLength: [Double]

    init(_ isMet: [Bool], of holes: [MiddleExamination.Hole]) {
      let met = zip(holes, isMet)
      func part(_ isCounted: (MiddleExamination.Hole) -> Bool) -> Double {
        let counted = met.filter { isCounted($0.0) }
        return Double(counted.count { $0.1 }) / Double(max(counted.count, 1))
      }
      share = part { _ in true }
      let interval = ShareInterval.wilson(isMet.count { $0 }, of: isMet.count)
      (low, high) = (interval.low, interval.high)
      inPrograms = part(\.isInProgram)
      byLength = MiddleExamination.lengths.map { length in part { $0.middle.count == length } }
    }
  }

  /// Examines a trained model.
  public init(
    of model: DeepSeekModel, trainedOn source: MiddleSource, steps: Int, seconds: Double,
    _ examination: MiddleExamination
  ) {
    let holes = examination.holes
    rate = source.transform.rate
    (self.steps, self.seconds) = (steps, seconds)
    tokens = source.census(batches: steps).tokens
    loss = examination.loss(of: model)
    (self.holes, holesInPrograms) = (holes.count, holes.count(where: \.isInProgram))
    continued = Share(examination.continued(by: model.language), of: holes)
    filled =
      rate == 0 ? nil : Share(examination.filled(by: model.language), of: holes)
  }
}
