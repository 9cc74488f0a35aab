import Attention
import Checkpoints
import Foundation
import MTP
import Serving
import Tensors
import TestSupport
import Testing

@Suite struct `A served model` {
  /// The logits behind every token, read in pieces of some lengths.
  private func logits(
    _ model: ServedModel, _ tokens: [Int], pieces: [Int], cache: CacheFormat = .fp32
  ) -> Tensor {
    let text = ReadText(model, cache)
    var (start, rows): (Int, [Tensor]) = (0, [])
    for piece in pieces {
      rows.append(text.read(Array(tokens[start..<start + piece])))
      start += piece
    }
    return Tensor.stacked(rowsOf: rows)
  }

  @Test(arguments: Kind.allCases)
  func `computes what the trained model computes`(_ kind: Kind) {
    let model = kind.model
    let tokens = testTokens(40, below: model.language.vocabularySize)
    let pass = Pass(Sequences(count: 1, length: 40), on: Tape(recording: false))
    let expected = model.language.logits(tokens, in: pass).value
    let served = ServedModel(kind.configuration, .fp32, of: model)
    expectClose(logits(served, tokens, pieces: [40]), expected, .model)
  }

  @Test(arguments: Kind.allCases)
  func `reads a text in pieces as it reads it in one, to the last bit`(_ kind: Kind) {
    let served = ServedModel(kind.configuration, .int8, of: kind.model)
    let tokens = testTokens(40, below: kind.configuration.vocabularySize)
    for cache in CacheFormat.allCases {
      let whole = logits(served, tokens, pieces: [40], cache: cache)
      for pieces in [[1, 39], [17, 23], [16, 16, 8], [Int](repeating: 1, count: 40)] {
        #expect(logits(served, tokens, pieces: pieces, cache: cache) == whole, "\(pieces)")
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func `errs with the format of weights and of the cache as their bits say`(_ kind: Kind) {
    let (configuration, model) = (kind.configuration, kind.model)
    let tokens = testTokens(30, below: configuration.vocabularySize)
    let exact = logits(ServedModel(configuration, .fp32, of: model), tokens, pieces: [30])
    func error(_ other: Tensor) -> Double {
      let squares = zip(other.doubles, exact.doubles).reduce(0.0) { $0 + pow($1.0 - $1.1, 2) }
      return (squares / exact.doubles.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    // Experts are chosen by a comparison, so an error can be larger than its cause in few places.
    let formats: [WeightFormat] = [.bf16, .int8, .int4]
    let errors = formats.map {
      error(logits(ServedModel(configuration, $0, of: model), tokens, pieces: [30]))
    }
    #expect(errors[0] > 1e-4 && errors[0] < 0.05, "bf16: \(errors[0])")
    #expect(errors[1] > errors[0] / 4 && errors[1] < 0.2, "int8: \(errors[1])")
    #expect(errors[2] > 2 * errors[1] && errors[2] < 1, "int4: \(errors[2])")
    let served = ServedModel(configuration, .fp32, of: model)
    for (cache, limit) in [(CacheFormat.bf16, 0.02), (.int8, 0.05)] {
      let error = error(logits(served, tokens, pieces: [30], cache: cache))
      #expect(error > 1e-5 && error < limit, "\(cache): \(error)")
    }
  }

  @Test func `forgets what is cut off`() {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let tokens = testTokens(40, below: 256)
    let text = ReadText(served, .bf16)
    _ = text.read(tokens)
    text.cache.truncate(to: 19)
    let again = text.read(Array(tokens[19...]))
    let fresh = ReadText(served, .bf16)
    _ = fresh.read(Array(tokens[..<19]))
    #expect(again == fresh.read(Array(tokens[19...])))
  }

  @Test func `counts the weights that a token reads`() {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let (all, active) = served.weightBytes
    // Two of eight experts, each of 3 · 16 · 8 weights that fill whole panels of sixteen rows.
    let expert = (16 * 16 + 16 * 16 + 16 * 8) * 4
    #expect(all - active == 6 * expert + 256 * 16 * 4, "the first of the two layers is dense")
  }
}

@Suite struct `The cache` {
  @Test func `of DeepSeek-V2 is 93.3 % smaller in six bits, and 82.2 % in sixteen`() {
    let v2 = 60 * (512 + 64)
    let dense = 2 * 8 * 128 * 95
    #expect(v2 == 34_560 && dense == 194_560)
    var sizes = DecoderConfiguration.latent()
    sizes.layers = 60
    sizes.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 512, contentWidth: 128, rotaryWidth: 64, valueWidth: 128)
    #expect(sizes.cacheBytesPerToken(bits: 16) == Double(2 * v2))
    let share = { (bits: Double) in 1 - sizes.cacheBytesPerToken(bits: bits) / Double(2 * dense)
    }
    #expect(abs(share(6) - 0.933) < 5e-4)
    #expect(abs(share(16) - 0.822) < 5e-4)
  }

  @Test func `of a V3 layer takes 1152 bytes a token in BF16 and 612 in eight bits`() {
    let layout = { CacheLayout(parts: [512 + 64], layers: 61, format: $0) }
    #expect(layout(.bf16).bytesPerRow == 1152)
    #expect(layout(.bf16).bytesPerToken == 70_272)
    #expect(layout(.int8).bytesPerRow == 576 + 9 * 4)
  }
}
