import Checkpoints
import Tensors

/// Which layers each stage of a pipeline holds.
///
/// The embedding is on the first stage; the last norm, the head and the predictors are on the last.
public struct StageCut: Sendable, Equatable {
  /// The layers of each stage, which may be none.
  public let layers: [Range<Int>]
  /// The weights that a token is multiplied with at each stage, a measure of its work.
  public let work: [Int]

  /// The number of stages.
  public var stages: Int { layers.count }

  /// How much longer the slowest stage works than the mean; all wait for it.
  public var imbalance: Double {
    let sum = work.reduce(0, +)
    return sum > 0 ? Double((work.max() ?? 0) * work.count) / Double(sum) : 1
  }

  /// Cuts a model so that Σ work² over the stages is least, in which no stage is far from the mean.
  ///
  /// How DeepSeek cut V3 is not published; that 61 layers and a predictor do not divide by 16
  /// evenly is.
  /// - Returns: nil if 64 bits cannot count the model, or for more than 512 layers.
  public static func balanced(
    _ model: DecoderConfiguration, stages: Int
  ) -> StageCut? {
    insist(stages > 0, "StageCut: \(stages) stages; there is at least one")
    guard let census = ModelCensus(model), let kinds = ModelBlocks(model) else { return nil }
    let blocks = (0..<model.layers).map { kinds[$0].visited }
    let tail =
      census.multiplied - blocks.reduce(0, +) + census.multipliedInPrediction
    let ends = cuts(of: blocks, tail: tail, stages: stages)
    let layers = zip([0] + ends, ends).map { $0..<$1 }
    let work = layers.enumerated().map { stage, range in
      blocks[range].reduce(0, +) + (stage == stages - 1 ? tail : 0)
    }
    return StageCut(layers: layers, work: work)
  }

  /// Where each stage ends, by dynamic programming over stages and layers.
  private static func cuts(of blocks: [Int], tail: Int, stages: Int) -> [Int] {
    let count = blocks.count
    let sums = blocks.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + Double($1)) }
    // cost[n]: the least Σ work² of the stages so far, which hold the first n layers.
    var cost = [Double](repeating: .infinity, count: count + 1)
    cost[0] = 0
    var choices: [[Int]] = []
    for stage in 0..<stages {
      let extra = stage == stages - 1 ? Double(tail) : 0
      var next = [Double](repeating: .infinity, count: count + 1)
      var choice = [Int](repeating: 0, count: count + 1)
      for end in 0...count {
        for start in 0...end where cost[start] < .infinity {
          let work = sums[end] - sums[start] + extra
          let sum = cost[start] + work * work
          if sum < next[end] { (next[end], choice[end]) = (sum, start) }
        }
      }
      cost = next
      choices.append(choice)
    }
    var ends = [count]
    for choice in choices.reversed().dropLast() { ends.insert(choice[ends[0]], at: 0) }
    return ends
  }
}
