import Attention
import Checkpoints
import MLA
import Tensors

/// A layer with latent attention and one with whole keys, each with a long text in its cache.
struct DecodingBench {
  private static let (heads, headWidth, width, most) = (16, 64, 256, 2048)
  private let layer: LatentAttention
  private let whole: GroupedQueryAttention
  private let rotary: RotaryEmbedding
  private let latents, keys: any AttentionCache
  private let new: Tensor

  /// Makes both layers with fresh weights, and fills both caches.
  init(seed: UInt64) {
    let (heads, headWidth) = (Self.heads, Self.headWidth)
    var generator = SplitMix64(seed: seed)
    let sizes = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 4 * headWidth, contentWidth: headWidth,
      rotaryWidth: headWidth / 2, valueWidth: headWidth)
    rotary = RotaryEmbedding(width: headWidth / 2, theta: 10_000, layout: .interleaved)
    layer = LatentAttention(
      width: Self.width, shape: LatentShape(sizes, heads: heads), rotary: rotary,
      deviation: 0.06, outputDeviation: 0.06, using: &generator)
    whole = GroupedQueryAttention(
      width: Self.width,
      shape: AttentionShape(
        heads: heads, keyValueHeads: heads, keyWidth: headWidth, valueWidth: headWidth),
      rotary: RotaryEmbedding(width: headWidth, theta: 10_000), bias: false, deviation: 0.06,
      outputDeviation: 0.06, using: &generator)
    (latents, keys) = (layer.makeCache(sequences: 1), whole.makeCache(sequences: 1))
    let past = Tensor.normal(shape: [Self.most, Self.width], using: &generator)
    new = Tensor.normal(shape: [1, Self.width], using: &generator)
    _ = output(of: layer, past, latents)
    _ = output(of: whole, past, keys)
  }

  /// What the caches keep of a token.
  var latentNumbers: Int { latents.numbersPerToken }
  var wholeNumbers: Int { keys.numbersPerToken }

  /// The seconds of one new token behind a context, with the absorbed form.
  func absorbed(_ context: Int) -> Double { seconds(of: layer, latents, context) }

  /// The same with whole keys and values in the cache.
  func whole(_ context: Int) -> Double { seconds(of: whole, keys, context) }

  /// The same when keys and values are made anew from all latents.
  func expanding(_ context: Int) -> Double {
    let kept = rows(context)
    return Self.median(of: 7) { _ = expanded(kept) }
  }

  /// The largest difference between the outputs of both forms, beside the largest output.
  func difference() -> Double {
    latents.truncate(sequence: 0, to: Self.most - 1)
    let found = output(of: layer, new, latents).scalars
    let other = expanded(rows(Self.most)).scalars
    let size = found.map { abs($0) }.max() ?? 1
    return Double((zip(found, other).map { abs($0 - $1) }.max() ?? 0) / size)
  }

  private func seconds(
    of layer: any AttentionLayer, _ cache: any AttentionCache, _ context: Int
  ) -> Double {
    let kept = cache.lengths[0]
    insist(context <= kept, "DecodingBench: \(context) of \(kept) tokens")
    return Self.median(of: 31) {
      cache.truncate(sequence: 0, to: context)
      _ = output(of: layer, new, cache)
    }
  }

  private func output(
    of layer: any AttentionLayer, _ x: Tensor, _ cache: any AttentionCache
  ) -> Tensor {
    let sequences = Sequences(count: 1, length: x.shape[0], offsets: cache.lengths)
    let pass = Pass(sequences, on: Tape(recording: false))
    return layer(pass.tape.constant(x), in: pass, cache: cache).value
  }

  private func rows(_ count: Int) -> Tensor {
    guard let cache = latents as? LatentCache else { fatalError("a layer makes its own cache") }
    return cache.rows(of: 0).sliced(0..<count, along: 0)
  }

  // snippet.expanding
  /// One new token's way when every step makes all keys and values anew from the latents.
  /// - Shape: kept [tokens, keyValueRank + rotaryWidth], the new token's last → [1, width]
  private func expanded(_ kept: Tensor) -> Tensor {
    let (sizes, tape, tokens) = (layer.shape.sizes, Tape(recording: false), kept.shape[0])
    let queries = map("q_proj", tape.constant(new))
      .rotated(by: rotary.table([tokens - 1]), tailOf: layer.shape.keyWidth)
    let parts = tape.constant(kept).split(sizes: [sizes.keyValueRank, sizes.rotaryWidth])
    let heads = map("kv_b_proj", parts[0])
      .reshaped(to: [tokens, Self.heads, layer.shape.expandedWidth])
      .split(sizes: [sizes.contentWidth, sizes.valueWidth])
    let rotary = parts[1].reshaped(to: [tokens, 1, sizes.rotaryWidth])
    let shared = Variable.concatenated(
      [Variable](repeating: rotary, count: Self.heads), along: 1)
    let keys = Variable.concatenated([heads[0], shared]).reshaped(to: [
      tokens, Self.heads * layer.shape.keyWidth,
    ])
    let mixed = cachedAttention(
      queries.value, keys.value,
      heads[1].reshaped(to: [tokens, Self.heads * sizes.valueWidth]).value, count: tokens,
      AttentionShape(
        heads: Self.heads, keyValueHeads: Self.heads, keyWidth: layer.shape.keyWidth,
        valueWidth: sizes.valueWidth))
    return map("o_proj", tape.constant(mixed)).value
  }
  // snippet.end

  private func map(_ name: String, _ x: Variable) -> Variable {
    guard let weight = layer.namedParameters.first(where: { $0.name == "\(name).weight" })
    else {
      fatalError("DecodingBench: latent attention has a \(name)")
    }
    return x.matmul(x.tape[weight.parameter], transposing: .right)
  }

  /// The middle of the times that some work takes.
  private static func median(of count: Int, _ work: () -> Void) -> Double {
    work()
    let times = (0..<count).map { _ in AttentionDemo.seconds(work) }
    return times.sorted()[count / 2]
  }
}
