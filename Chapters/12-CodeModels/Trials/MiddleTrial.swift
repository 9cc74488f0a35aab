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
  /// The examination on holes in programs, and that on holes anywhere.
  public let inPrograms, anywhere: Part

  /// What became of some holes.
  public struct Part: Codable, Sendable, Equatable {
    /// The number of holes.
    public let holes: Int
    /// The middles that are met exactly by going on from the prefix alone.
    public let continued: Share
    /// The middles that are met exactly between both sides; nil at the rate 0, which never saw one.
    public let filled: Share?
  }

  /// A share of the holes, with its interval of 95 %.
  public struct Share: Codable, Sendable, Equatable {
    /// The share of all holes.
    public let share, low, high: Double
    /// The share by the length of the hole, from 1 to 10.
    public let byLength: [Double]

    init(_ isMet: [Bool], of holes: [MiddleExamination.Hole]) {
      let interval = ShareInterval.wilson(isMet.count { $0 }, of: isMet.count)
      (low, high) = (interval.low, interval.high)
      share = Double(isMet.count { $0 }) / Double(isMet.count)
      byLength = MiddleExamination.lengths.map { length in
        let chosen = zip(holes, isMet).filter { $0.0.middle.count == length }
        return Double(chosen.count { $0.1 }) / Double(max(chosen.count, 1))
      }
    }
  }

  /// Examines a trained model.
  public init(
    of model: DeepSeekModel, trainedOn source: MiddleSource, steps: Int, seconds: Double,
    inPrograms: MiddleExamination, anywhere: MiddleExamination
  ) {
    let rate = source.transform.rate
    func part(_ examination: MiddleExamination) -> Part {
      let language = model.language
      return Part(
        holes: examination.holes.count,
        continued: Share(examination.continued(by: language), of: examination.holes),
        filled: rate == 0
          ? nil : Share(examination.filled(by: language), of: examination.holes))
    }
    self.rate = rate
    (self.steps, self.seconds) = (steps, seconds)
    tokens = source.census(batches: steps).tokens
    loss = anywhere.loss(of: model)
    (self.inPrograms, self.anywhere) = (part(inPrograms), part(anywhere))
  }
}
