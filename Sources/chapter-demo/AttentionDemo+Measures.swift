import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import Tensors

extension AttentionDemo {
  /// Writes 384 tokens with the cache and without it.
  mutating func measureDecoding() {
    let count = 384
    let model = DecoderConfiguration(
      vocabularySize: 257, width: 128, feedForwardWidth: 344, layers: 4, heads: 4
    ).model(seed: seed)
    let cache = model.makeCache(sequences: 1)
    var (text, again): ([Int], [Int]) = ([65], [65])
    var (with, without): ([Double], [Double]) = ([], [])
    for _ in 0..<count {
      with.append(
        Self.seconds {
          let logits = model.nextLogits([text[text.count - 1]], cache: cache)
          text.append(Sampling.likeliest(logits[0]))
        })
    }
    for _ in 0..<count {
      without.append(
        Self.seconds {
          let logits = model.nextLogits(again, cache: model.makeCache(sequences: 1))
          again.append(Sampling.likeliest(logits[0]))
        })
    }
    let (fast, slow) = (with.reduce(0, +), without.reduce(0, +))
    Console.print("Writing \(count) tokens")
    report("without", "a cache: \(Self.digits(slow, 2)) s, \(count * (count + 1) / 2) rows")
    report("with", "a cache: \(Self.digits(fast, 2)) s, \(count) rows")
    report("the same", text == again ? "tokens both times" : "tokens? No: they differ")
    Console.print()
    note("decode.tokens", count)
    note("decode.rows-without", count * (count + 1) / 2)
    note("decode.seconds-without", slow)
    note("decode.seconds-with", fast)
    note("decode.ratio", slow / fast)
    draw(
      "decoding",
      LineChart(
        title: "Without a cache, every token costs more than the last",
        description:
          "Milliseconds per token over the length of the text, on a logarithmic scale. With the "
          + "cache the curve stays nearly level; without it the curve rises with the length.",
        xLabel: "tokens so far", yLabel: "milliseconds a token", yScale: .logarithmic,
        series: [
          .init("without a cache", Self.medians(without), ink: .neutral),
          .init("with the key-value cache", Self.medians(with), ink: .ours),
        ]))
  }

  /// The median of every 16 neighbours, in milliseconds.
  private static func medians(_ seconds: [Double]) -> [(x: Double, y: Double)] {
    stride(from: 0, to: seconds.count, by: 16).map { start in
      let part = seconds[start..<min(start + 16, seconds.count)].sorted()
      return (Double(start + 8), part[part.count / 2] * 1000)
    }
  }

  /// Takes attention forward and backward, plain and by tiles, and counts the bytes of tensors.
  mutating func measureMemory() {
    Console.print("Attention forward and backward, 4 heads of width 32")
    var (plain, flash): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
    for length in [128, 256, 512, 1024, 2048] {
      let sizes = [
        Self.peakBytes(length, Self.plainAttention), Self.peakBytes(length, Self.tiled),
      ]
      report(
        "\(length) tokens",
        "plain \(Self.megabytes(sizes[0])), by tiles \(Self.megabytes(sizes[1]))")
      plain.append((Double(length), Double(sizes[0]) / 1e6))
      flash.append((Double(length), Double(sizes[1]) / 1e6))
      note("memory.plain-\(length)", Double(sizes[0]) / 1e6)
      note("memory.flash-\(length)", Double(sizes[1]) / 1e6)
    }
    Console.print()
    draw(
      "memory",
      LineChart(
        title: "Twice the length: four times the memory, or twice",
        description:
          "Peak memory of attention forward and backward over the length, both axes "
          + "logarithmic. The plain form rises with the square of the length, the tiled form in "
          + "proportion to it.",
        xLabel: "tokens in the sequence", yLabel: "tensors at the peak (MB)",
        xScale: .logarithmic, yScale: .logarithmic,
        series: [
          .init("plain", plain, ink: .neutral, hasMarkers: true),
          .init("by tiles (flash attention)", flash, ink: .ours, hasMarkers: true),
        ]))
  }

  private static let shape = AttentionShape(
    heads: 4, keyValueHeads: 4, keyWidth: 32, valueWidth: 32)

  /// The most bytes that tensors held during a forward and backward pass of attention.
  private static func peakBytes(
    _ length: Int, _ attention: (Variable, Variable, Variable, Int) -> Variable
  ) -> Int {
    var generator = SplitMix64(seed: 1)
    let inputs = (0..<3).map { _ in Tensor.normal(shape: [length, 128], using: &generator) }
    return Threads.with(1) {
      TensorMemory.drain()
      let before = TensorMemory.heldBytes
      let tape = Tape()
      let (q, k, v) = (
        tape.variable(inputs[0]), tape.variable(inputs[1]), tape.variable(inputs[2])
      )
      let result = attention(q, k, v, length)
      _ = tape.gradients(of: (result * result).sum())
      return TensorMemory.heldBytes - before
    }
  }

  private static func tiled(_ q: Variable, _ k: Variable, _ v: Variable, _ length: Int)
    -> Variable
  {
    flashAttention(q, k, v, shape, Sequences(count: 1, length: length))
  }

  // snippet.plain-attention
  /// Attention as the formula says it, with a matrix of weights for each head.
  static func plainAttention(
    _ q: Variable, _ k: Variable, _ v: Variable, _ length: Int
  ) -> Variable {
    func heads(_ x: Variable) -> Variable {
      x.reshaped(to: [length, shape.heads, shape.keyWidth]).permuted([1, 0, 2])
    }
    let future = (0..<length * length).map { Float($0 % length > $0 / length ? -1e9 : 0) }
    let mask = q.tape.constant(Tensor(future, shape: [length, length]))
    let scores = heads(q).matmul(heads(k), transposing: .right) * shape.scale + mask
    return scores.softmax().matmul(heads(v))
  }
  // snippet.end

  private static func megabytes(_ bytes: Int) -> String {
    digits(Double(bytes) / 1e6, 1) + " MB"
  }

  /// Prints the cache of published models, two bytes a number.
  mutating func tabulateCaches() {
    Console.print("Cache of published models, two bytes a number")
    for model in PublishedModel.all {
      let bytes = model.configuration.cacheBytesPerToken()
      let gigabytes = Double(bytes) * 131_072 / 1e9
      report(
        model.key,
        "\(model.configuration.layers) layers × 2 × \(model.configuration.keyValueHeads) × "
          + "\(model.configuration.headWidth): \(bytes) bytes a token, "
          + "\(Self.digits(gigabytes, 1)) GB for 131072")
      note("cache.\(model.key)", bytes)
      note("cache.\(model.key)-full", gigabytes)
    }
  }
}

/// The sizes of a published model that its cache depends on.
private struct PublishedModel {
  let key: String
  let configuration: DecoderConfiguration

  init(_ key: String, layers: Int, keyValueHeads: Int, heads: Int) {
    self.key = key
    configuration = DecoderConfiguration(
      vocabularySize: 1, width: heads * 128, feedForwardWidth: 1, layers: layers, heads: heads,
      keyValueHeads: keyValueHeads, headWidth: 128)
  }

  static let all = [
    PublishedModel("qwen-1.5b", layers: 28, keyValueHeads: 2, heads: 12),
    PublishedModel("qwen-7b", layers: 28, keyValueHeads: 4, heads: 28),
    PublishedModel("llama-8b", layers: 32, keyValueHeads: 8, heads: 32),
    PublishedModel("llama-70b", layers: 80, keyValueHeads: 8, heads: 64),
    PublishedModel("ds-67b", layers: 95, keyValueHeads: 8, heads: 64),
    PublishedModel("llama-405b", layers: 126, keyValueHeads: 8, heads: 128),
    PublishedModel("v3-as-mha", layers: 61, keyValueHeads: 128, heads: 128),
  ]
}
