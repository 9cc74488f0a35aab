import Foundation
import Tensors

extension Variable {
  /// The loss of scores of which each in the first half should exceed its partner in the second.
  ///
  ///     −1/n Σ log σ(r_w − r_l)
  ///
  /// The slope along r_w is −σ(r_l − r_w) / n, and the opposite along r_l. A constant added to all
  /// scores changes nothing. Papers: Bradley and Terry, 1952; Ouyang et al., 2022, eq. 1.
  /// - Parameter pairs: n of the whole batch; half the scores, if nil.
  /// - Shape: [2 pairs, 1] → []
  public func preferenceLoss(of pairs: Int? = nil) -> Variable {
    let scores = value.scalars
    insist(
      !scores.isEmpty && scores.count % 2 == 0 && shape == [scores.count, 1],
      "preferenceLoss: scores of shape \(shape) are no two columns of pairs")
    let half = scores.count / 2
    let count = Double(pairs ?? half)
    var (sum, slopes) = (0.0, [Float](repeating: 0, count: scores.count))
    for i in 0..<half {
      let lead = Double(scores[i]) - Double(scores[half + i])
      sum += surprise(of: lead)
      let slope = Float(-chance(of: -lead) / count)
      (slopes[i], slopes[half + i]) = (slope, -slope)
    }
    let gradient = Tensor(slopes, shape: shape)
    return tape.record("preferenceLoss", Tensor(Float(sum / count)), from: [self]) { upstream in
      [.later { gradient.scaled(by: upstream.scalar) }]
    }
  }
}

/// σ(x): the chance that an answer is liked better than one whose score is x less.
func chance(of lead: Double) -> Double { 1 / (1 + exp(-lead)) }

/// −log σ(x) = log(1 + e⁻ˣ), without an overflow.
private func surprise(of lead: Double) -> Double { max(-lead, 0) + log1p(exp(-abs(lead))) }
