import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A language model` {
  private let batch: Batch = {
    let tokens = testTokens(3 * 9, below: 29, seed: 2)
    let targets = testTokens(3 * 9, below: 29, seed: 3)
    return Batch(inputs: tokens, targets: targets, sequences: 3, length: 9)
  }()

  private func gradients(_ model: LanguageModel, _ batch: Batch) -> Gradients {
    let tape = Tape()
    return tape.gradients(of: model.loss(of: batch, on: tape))
  }

  private func loss(_ model: LanguageModel, _ batch: Batch, divisor: Int? = nil) -> Double {
    Double(model.loss(of: batch, on: Tape(recording: false), divisor: divisor).value.scalar)
  }

  @Test func `names its weights as Llama does`() {
    let layers = (0..<2).flatMap { layer in
      [
        "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight",
        "self_attn.v_proj.weight", "self_attn.o_proj.weight", "post_attention_layernorm.weight",
        "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight",
      ].map { "model.layers.\(layer).\($0)" }
    }
    let names = DecoderConfiguration.small().model(seed: 1).namedParameters.map(\.name)
    #expect(
      names == ["model.embed_tokens.weight"] + layers + ["model.norm.weight", "lm_head.weight"])
    let tied = DecoderConfiguration.small(tied: true).model(seed: 1).namedParameters.map(\.name)
    #expect(tied == names.dropLast())
  }

  @Test func `names its weights as Qwen2 does`() {
    let llama = DecoderConfiguration.small().model(seed: 1).namedParameters.map(\.name)
    let expected = llama.flatMap { name in
      let hasBias = ["q_proj", "k_proj", "v_proj"].contains { name.contains($0) }
      return hasBias ? [name, name.replacing("weight", with: "bias")] : [name]
    }
    let qwen = DecoderConfiguration.small(.qwen2).model(seed: 1)
    #expect(qwen.namedParameters.map(\.name) == expected)
    #expect(qwen.parameter("model.layers.1.self_attn.k_proj.bias")?.shape == [12])
  }

  @Test(arguments: [DecoderConfiguration.Family.llama, .qwen2], [true, false])
  func `lists every weight that it holds, once`(
    _ family: DecoderConfiguration.Family, _ tied: Bool
  ) {
    let configuration = DecoderConfiguration.small(family, tied: tied)
    let model = configuration.model(seed: 1)
    expectEveryPartListed(model)
    #expect(model.parameterCount == configuration.parameterCount)
  }

  @Test func `starts with weights of the deviation that its configuration says`() throws {
    let configuration = DecoderConfiguration(
      vocabularySize: 200, width: 64, feedForwardWidth: 64, layers: 2, heads: 4)
    let model = configuration.model(seed: 3)
    for (name, parameter) in model.namedParameters where parameter.shape.count == 2 {
      let squares = parameter.value.doubles.reduce(0.0) { $0 + $1 * $1 }
      let deviation = (squares / Double(parameter.count)).squareRoot()
      // Into the residual stream write 2 · layers = 4 matrices, each narrower by √4.
      let isOutput = name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight")
      #expect(abs(deviation / (isOutput ? 0.01 : 0.02) - 1) < 0.05, "\(name)")
    }
    #expect(configuration.model(seed: 3).values == model.values)
    #expect(configuration.model(seed: 4).values != model.values)
  }

  @Test func `has a loss that is the mean of −log softmax of its logits`() {
    let model = DecoderConfiguration.small(deviation: 0.3).unevenModel(seed: 2)
    let pass = Pass(Sequences(count: 3, length: 9), on: Tape(recording: false))
    let logits = rows(model.logits(batch.inputs, in: pass).value.doubles, of: 29)
    func mean(_ targets: [Int]) -> Double {
      let losses = zip(logits, targets).compactMap { row, target in
        target == Batch.ignored ? nil : -log(softmax(row)[target])
      }
      return losses.reduce(0, +) / Double(losses.count)
    }
    #expect(abs(loss(model, batch) - mean(batch.targets)) < 1e-5)

    let some = batch.targets.enumerated().map {
      $0.offset % 4 == 1 ? Batch.ignored : $0.element
    }
    let partial = Batch(inputs: batch.inputs, targets: some, sequences: 3, length: 9)
    #expect(abs(loss(model, partial) - mean(some)) < 1e-5)
    #expect(abs(mean(some) - mean(batch.targets)) > 1e-3)
  }

  @Test func `has a loss of zero where there is no target`() {
    let none = [Int](repeating: Batch.ignored, count: 27)
    let empty = Batch(inputs: batch.inputs, targets: none, sequences: 3, length: 9)
    let model = DecoderConfiguration.small().model(seed: 2)
    #expect(loss(model, empty) == 0)
    #expect(gradients(model, empty).norm == 0)
  }

  @Test func `has a loss and a gradient that the shards of a batch add up to`() {
    let model = DecoderConfiguration.small(deviation: 0.3).unevenModel(seed: 2)
    var targets = batch.targets
    for place in 0..<7 { targets[place] = Batch.ignored }
    let uneven = Batch(inputs: batch.inputs, targets: targets, sequences: 3, length: 9)
    let count = uneven.targetCount
    #expect(count == 20)
    var (sum, gradient) = (0.0, Gradients())
    for shard in uneven.shards(3) {
      let tape = Tape()
      let part = model.loss(of: shard, on: tape, divisor: count)
      sum += Double(part.value.scalar)
      gradient.add(tape.gradients(of: part))
    }
    #expect(abs(sum - loss(model, uneven)) < 1e-5)
    let whole = gradients(model, uneven)
    for (name, parameter) in model.namedParameters {
      guard let found = gradient[parameter], let expected = whole[parameter] else {
        Issue.record("no gradient of \(name)")
        continue
      }
      expectClose(found, expected, .gradient, name)
    }
  }

  @Test func `knows nothing at first`() {
    // With small weights all logits are near zero, and every token is as likely as any other.
    let model = DecoderConfiguration.small().model(seed: 2)
    #expect(abs(loss(model, batch) - log(29)) < 0.05)
  }

  @Test(arguments: [true, false])
  func `has the gradient that finite differences measure`(_ tied: Bool) {
    let configuration = DecoderConfiguration.small(.qwen2, tied: tied, deviation: 0.3)
    let model = configuration.unevenModel(seed: 4)
    let gradients = gradients(model, batch)
    for (name, parameter) in model.namedParameters {
      guard let gradient = gradients[parameter] else {
        Issue.record("no gradient of \(name)")
        continue
      }
      // Along its own direction the loss rises by the gradient's length.
      let length = gradient.doubles.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-5 else { continue }
      let start = parameter.value
      func loss(at distance: Double) -> Double {
        let moved = zip(start.doubles, gradient.doubles).map { $0 + distance * $1 / length }
        parameter.value = Tensor(moved.map { Float($0) }, shape: start.shape)
        return self.loss(model, batch)
      }
      let step = 0.01
      let slope = (loss(at: step) - loss(at: -step)) / (2 * step)
      parameter.value = start
      // A loss near 4 is rounded by 4e-7, so a slope by 4e-5.
      #expect(abs(slope - length) < 0.01 * length + 1e-4, "\(name): \(slope), not \(length)")
    }
  }

  @Test func `gives queries and keys no gradient while there is a single token`() throws {
    // One score is its own softmax: the weight is 1, whatever the score.
    let model = DecoderConfiguration.small(.qwen2, deviation: 0.3).unevenModel(seed: 4)
    let one = Batch(inputs: [3], targets: [4], sequences: 1, length: 1)
    let gradients = gradients(model, one)
    for name in ["k_proj.bias", "q_proj.bias", "k_proj.weight", "q_proj.weight"] {
      let parameter = try #require(model.parameter("model.layers.0.self_attn.\(name)"))
      let gradient = try #require(gradients[parameter])
      #expect(gradient.scalars.allSatisfy { abs($0) < 1e-6 }, "\(name)")
    }
  }

  @Test func `adds both uses of a tied head to one gradient`() throws {
    let tied = DecoderConfiguration.small(tied: true, deviation: 0.3).unevenModel(seed: 4)
    let apart = DecoderConfiguration.small(deviation: 0.3).unevenModel(seed: 5)
    apart.copyWeights(from: tied)
    let embedding = try #require(apart.parameter("model.embed_tokens.weight"))
    let head = try #require(apart.parameter("lm_head.weight"))
    head.value = embedding.value
    #expect(loss(tied, batch) == loss(apart, batch))

    let parts = gradients(apart, batch)
    let sum = zip(
      try #require(parts[embedding]).doubles, try #require(parts[head]).doubles
    ).map { $0 + $1 }
    let whole = try #require(gradients(tied, batch)[tied.headWeight])
    expectClose(whole, sum, .gradient)
  }

  @Test func `never looks ahead`() {
    let model = DecoderConfiguration.small(deviation: 0.3).unevenModel(seed: 4)
    let tokens = testTokens(70, below: 29)
    let before = model.logits(tokens)
    var changed = tokens
    changed[65] = (changed[65] + 1) % 29
    let after = model.logits(changed)
    #expect(after.rows(0..<65) == before.rows(0..<65))
    #expect(after.rows(65..<70) != before.rows(65..<70))
  }

  @Test func `stops at a token that it does not know`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = DecoderConfiguration.small().model(seed: 1).logits([29]) }
    expectSaid(result, "29")
  }
}
