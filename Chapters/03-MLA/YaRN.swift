import Checkpoints
import Foundation
import Tensors

/// A rotary embedding stretched to a longer context: fast pairs stay, slow ones turn more slowly.
///
/// Paper: Peng et al., 2023, "YaRN", §3.2 and §3.4; DeepSeek-V2 §3.1.4, V3 §4.3.
public struct YaRN: Sendable, Equatable {
  /// The pairs before this one keep their frequency.
  public let low: Double
  /// The pairs from this one on are slowed by the whole factor.
  public let high: Double
  /// The angle by which each pair turns from one position to the next, in radians.
  public let frequencies: [Double]
  /// What cosines and sines are multiplied by; 1 in every DeepSeek model.
  public let amplitude: Double
  /// m², by which the softmax scale is multiplied.
  public let sharpening: Double

  // snippet.yarn
  /// Stretches the frequencies b^(−2j/width).
  ///
  /// Pair j keeps the share 1 − ramp(j) of its frequency, and the rest is divided by the factor.
  public init(_ scaling: YaRNScaling, width: Int, theta: Double) {
    /// The pair, counted in fractions, that turns so often over the original context.
    func pair(turning turns: Double) -> Double {
      let positions = Double(scaling.originalPositions)
      return Double(width) * log(positions / (2 * .pi * turns)) / (2 * log(theta))
    }
    let low = max(pair(turning: scaling.betaFast).rounded(.down), 0)
    let last = min(pair(turning: scaling.betaSlow).rounded(.up), Double(width - 1))
    let high = low == last ? last + 0.001 : last
    frequencies = (0..<width / 2).map { j in
      let ramp = min(max((Double(j) - low) / (high - low), 0), 1)
      let frequency = pow(theta, -2 * Double(j) / Double(width))
      return frequency / scaling.factor * ramp + frequency * (1 - ramp)
    }
    // snippet.end
    (self.low, self.high) = (low, high)
    // snippet.magnitudes
    let magnitude = { Self.magnitude(factor: scaling.factor, weight: $0) }
    if let own = scaling.mscale, let all = scaling.mscaleAllDim, own != 0, all != 0 {
      amplitude = magnitude(own) / magnitude(all)
    } else {
      amplitude = magnitude(1)
    }
    let all = scaling.mscaleAllDim ?? 0
    sharpening = all == 0 ? 1 : magnitude(all) * magnitude(all)
    // snippet.end
  }

  /// 0.1 · weight · ln factor + 1, and 1 when nothing is stretched.
  public static func magnitude(factor: Double, weight: Double) -> Double {
    factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1
  }
}

extension Llama3Scaling {
  /// The frequencies b^(−2j/width), stretched as Llama 3.1 does it.
  ///
  /// Wavelengths below originalPositions / highFrequencyFactor stay, those above originalPositions /
  /// lowFrequencyFactor grow by the factor, and in between the frequencies are blended.
  public func frequencies(width: Int, theta: Double) -> [Double] {
    (0..<width / 2).map { j in
      let frequency = pow(theta, -2 * Double(j) / Double(width))
      let turns = Double(originalPositions) * frequency / (2 * .pi)
      let blend =
        (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
      let kept = min(max(blend, 0), 1)
      return frequency / factor * (1 - kept) + frequency * kept
    }
  }
}
