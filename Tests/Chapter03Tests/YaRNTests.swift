import Attention
import Checkpoints
import Foundation
import MLA
import Tensors
import TestSupport
import Testing

@Suite struct `A stretched rotation` {
  static let v3 = YaRNScaling(
    factor: 40, originalPositions: 4096, mscale: 1, mscaleAllDim: 1)
  static let v2 = YaRNScaling(
    factor: 40, originalPositions: 4096, mscale: 0.707, mscaleAllDim: 0.707)

  /// The frequencies of pairs 11 to 22 in DeepSeek's models; those before stay, those behind are
  /// divided by 40.
  static let blended = [
    0.03900692656714386, 0.026879360111431223, 0.01837814621887783, 0.01244795587027246,
    0.008334508951020777, 0.0055, 0.003561997494329165, 0.002249365300761396,
    0.0013705136361428923, 0.0007905694150420946, 0.0004149903984907897, 0.0001778279410038922,
  ]

  // snippet.frequencies
  @Test func `keeps pairs 0 to 10, blends 11 to 22 and slows 23 to 31 by 40`() {
    let yarn = YaRN(Self.v3, width: 64, theta: 10_000)
    #expect(yarn.low == 10 && yarn.high == 23)
    let plain = RotaryEmbedding(width: 64, theta: 10_000).frequencies
    let expected = plain[...10] + Self.blended + plain[23...].map { $0 / 40 }
    #expect(yarn.frequencies.count == 32)
    for (pair, (found, published)) in zip(yarn.frequencies, expected).enumerated() {
      #expect(abs(found / published - 1) < 1e-12, "pair \(pair)")
    }
    #expect(abs(yarn.frequencies[31] / 3.3338035804083097e-06 - 1) < 1e-12)
  }

  @Test func `sharpens the scores and leaves cosines alone`() {
    let (three, two) = (configuration(Self.v3), configuration(Self.v2))
    #expect(abs(three.softmaxScale / 0.1352337788608801 - 1) < 1e-14)
    #expect(abs(two.softmaxScale / 0.1147213867929261 - 1) < 1e-14)
    #expect(three.rotaryEmbedding.amplitude == 1 && two.rotaryEmbedding.amplitude == 1)
    let plain = configuration(nil).softmaxScale
    #expect(abs(plain - 0.07216878364870322) < 1e-16, "1 / √192, not 1 / √128")
    let m = YaRN.magnitude(factor: 40, weight: 1)
    #expect(abs(m - 1.3688879454113936) < 1e-15 && YaRN.magnitude(factor: 1, weight: 1) == 1)
  }
  // snippet.end

  @Test func `scales cosines when only one magnitude is given`() {
    let bare = YaRN(
      YaRNScaling(factor: 40, originalPositions: 4096), width: 64, theta: 10_000)
    #expect(abs(bare.amplitude - 1.3688879454113936) < 1e-15 && bare.sharpening == 1)
    let scaling = YaRNScaling(
      factor: 40, originalPositions: 4096, mscale: 1, mscaleAllDim: 0.5)
    let uneven = YaRN(scaling, width: 64, theta: 10_000)
    #expect(abs(uneven.amplitude - 1.3688879454113936 / 1.1844439727056968) < 1e-14)
    #expect(abs(uneven.sharpening - 1.1844439727056968 * 1.1844439727056968) < 1e-14)
    let table = configuration(scaling).rotaryEmbedding.table([0])
    #expect(table.cosines[0, 0] == Float(uneven.amplitude))
  }

  @Test func `changes nothing at factor one`() {
    let one = YaRN(
      YaRNScaling(factor: 1, originalPositions: 4096, mscale: 1, mscaleAllDim: 1), width: 64,
      theta: 10_000)
    let plain = RotaryEmbedding(width: 64, theta: 10_000).frequencies
    for (a, b) in zip(one.frequencies, plain) { #expect(abs(a / b - 1) < 1e-15) }
    #expect(one.amplitude == 1 && one.sharpening == 1)
  }

  @Test func `is clamped at both ends, and takes a ramp of no width`() {
    // Over 6 positions no pair turns even twice, so the ramp begins at 0 and is empty.
    let short = YaRN(
      YaRNScaling(factor: 4, originalPositions: 6), width: 8, theta: 10_000)
    #expect(short.low == 0 && short.high == 0.001)
    #expect(short.frequencies[0] == 1 && short.frequencies[1] == pow(10_000, -0.25) / 4)
    // With a base of 2 the slow bound would lie behind the last entry: at most width − 1.
    let flat = YaRN(YaRNScaling(factor: 4, originalPositions: 4096), width: 8, theta: 2)
    #expect(flat.high == 7)
  }

  @Test func `takes the length of the first training, not the longest`() {
    let wrong = YaRN(
      YaRNScaling(factor: 40, originalPositions: 163_840), width: 64, theta: 10_000)
    #expect(wrong.low != 10 && wrong.high != 23)
  }

  @Test func `has a cousin in Llama 3`() {
    let llama = Llama3Scaling(
      factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192)
    let plain = RotaryEmbedding(width: 128, theta: 500_000).frequencies
    for (found, frequency) in zip(llama.frequencies(width: 128, theta: 500_000), plain) {
      let wavelength = 2 * Double.pi / frequency
      let expected: Double
      if wavelength < 2048 {
        expected = frequency
      } else if wavelength > 8192 {
        expected = frequency / 8
      } else {
        let a = (8192 / wavelength - 1) / 3
        expected = (1 - a) * frequency / 8 + a * frequency
      }
      #expect(abs(found / expected - 1) < 1e-12)
    }
    let sizes = DecoderConfiguration(
      vocabularySize: 8, width: 256, feedForwardWidth: 8, layers: 1, heads: 2,
      ropeTheta: 500_000, ropeScaling: .llama3(llama))
    #expect(
      sizes.rotaryEmbedding.frequencies == llama.frequencies(width: 128, theta: 500_000))
    #expect(abs(sizes.softmaxScale - 1 / 128.0.squareRoot()) < 1e-15)
  }

  @Test func `reaches the layer`() {
    var sizes = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 8, width: 12, feedForwardWidth: 8, layers: 1,
      heads: 2,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 6, contentWidth: 4, rotaryWidth: 4, valueWidth: 4),
      ropeScaling: .yarn(
        YaRNScaling(factor: 8, originalPositions: 64, mscale: 0.5, mscaleAllDim: 1)))
    sizes.initializerRange = 0.5
    var generator = SplitMix64(seed: 1)
    guard let layer = sizes.attention(using: &generator) as? LatentAttention else {
      Issue.record("not latent attention")
      return
    }
    let twin = LatentTwin(layer, rotary: sizes.rotaryEmbedding, scale: sizes.softmaxScale)
    let x = Tensor.test(20, 12)
    expectClose(layer.apply(x), twin.expanded(x.doubleRows).flatMap { $0 }, .gradient)
    var without = twin
    without.scale = 1 / 8.0.squareRoot()
    let (found, wrong) = (layer.apply(x).doubles, without.expanded(x.doubleRows).joined())
    #expect((zip(found, wrong).map { abs($0 - $1) }.max() ?? 0) > 1e-2, "m² was forgotten")
  }

  private func configuration(_ scaling: YaRNScaling?) -> DecoderConfiguration {
    DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 8, width: 64, feedForwardWidth: 8, layers: 1,
      heads: 1,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 8, contentWidth: 128, rotaryWidth: 64, valueWidth: 8),
      ropeScaling: scaling.map { .yarn($0) })
  }
}
