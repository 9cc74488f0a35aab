import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import Tensors
import Text

extension AttentionDemo {
  private static let length = 128
  private static let steps = 160

  /// Sizes that differ only in how many query heads share a key head.
  private static func configuration(keyValueHeads: Int) -> DecoderConfiguration {
    DecoderConfiguration(
      vocabularySize: 257, width: 96, feedForwardWidth: 256, layers: 3, heads: 6,
      keyValueHeads: keyValueHeads, maximumPositions: length, tiesEmbeddings: true,
      endTokens: [256])
  }

  /// Trains the same model with 6, 2 and 1 key heads, and looks at what it has learnt.
  mutating func train(twice: Bool) throws {
    Console.print("Three models learn the built-in corpus, byte by byte")
    let corpus = Corpus.builtIn(bytes: 400_000, validationBytes: 24_000, seed: seed)
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    let tokens = tokenizer.encode(corpus.training)
    let held = try Batch.windows(
      of: tokenizer.encode(corpus.validation), length: Self.length, sequences: 8)
    let floor = corpus.entropy?.natsPerByte ?? 0
    note("train.floor", floor)

    var curves: [LineChart.Series] = []
    for (index, kind) in ["mha", "gqa", "mqa"].enumerated() {
      let configuration = Self.configuration(keyValueHeads: [6, 2, 1][index])
      let model = configuration.model(seed: seed)
      let curve = try learn(model, tokens, seed: seed)
      let loss = model.evaluate(held)
      let cache = configuration.cacheBytesPerToken()
      report(
        kind.uppercased(),
        "key heads \(configuration.keyValueHeads), \(cache) cache bytes a token, "
          + "validation loss \(Self.digits(loss, 3))")
      note("\(kind).loss", loss)
      if twice {
        let again = configuration.model(seed: seed + 1)
        _ = try learn(again, tokens, seed: seed + 1)
        let second = again.evaluate(held)
        report("the same", "from the next seed: \(Self.digits(second, 3))")
        note("\(kind).loss-again", second)
      }
      note("\(kind).cache", cache)
      note("\(kind).weights", model.namedParameters.reduce(0) { $0 + $1.parameter.value.count })
      curves.append(
        LineChart.Series("\(kind.uppercased())", curve, ink: .series(index)))
      if kind == "gqa" { look(at: model, configuration, tokenizer, corpus.validation) }
    }
    report("floor", "\(Self.digits(floor, 3)) nats a byte, the entropy of the corpus")
    Console.print()
    draw(
      "training",
      LineChart(
        title: "Six, two and one key heads learn alike",
        description:
          "Training loss of three small models over 160 steps. All fall from 5.5 nats a byte to "
          + "about 1; the three curves cross each other. The entropy of the corpus is a level line far "
          + "below.",
        xLabel: "step", yLabel: "training loss, mean of 10 steps (nats a byte)",
        series: curves,
        references: [.init("entropy of the corpus", y: floor)], yIncludes: [0]))
  }

  /// Trains a model and returns its loss, averaged over ten steps at a time.
  private func learn(
    _ model: LanguageModel, _ tokens: [Int], seed: UInt64
  ) throws -> [(x: Double, y: Double)] {
    var plan = TrainingPlan(
      steps: Self.steps, sequences: 8, length: Self.length, rate: 5e-3,
      schedule: .cosine(warmup: 20), seed: seed)
    plan.shards = 4
    plan.rule = .muon
    var trainer = try Trainer(model, plan: plan, tokens: tokens)
    var curve: [(x: Double, y: Double)] = []
    var sum = 0.0
    while !trainer.isFinished {
      let report = try trainer.takeStep()
      if report.step == 1 { curve.append((1, report.loss)) }
      sum += report.loss
      if report.step.isMultiple(of: 10) {
        curve.append((Double(report.step), sum / 10))
        sum = 0
      }
    }
    return curve
  }

  /// Lets the model write, and draws what its first layer looks at.
  private mutating func look(
    at model: LanguageModel, _ configuration: DecoderConfiguration, _ tokenizer: Tokenizer,
    _ text: String
  ) {
    let prompt = tokenizer.encode("Once")
    let sampling = Sampling(temperature: 0.7, topP: 0.95)
    let new = model.generate([prompt], count: 90, sampling: sampling, seed: seed)[0]
    let sample = tokenizer.decode(prompt + new).replacing("\n", with: "⏎")
    report("sample", "\"\(sample)\"")
    let bytes = Array(tokenizer.encode(text).prefix(22))
    let head = AttentionWeights(model, configuration).sharpest(bytes)
    let labels = bytes.map { $0 == 32 ? "␣" : tokenizer.piece(of: $0) }
    note("head.number", head.number)
    note("head.weight", head.sharpness)
    draw(
      "head",
      HeatMap(
        title: "What one head of the first layer looks at",
        description:
          "The attention weights of a trained head over 22 bytes of text. Each row sums to one and "
          + "has weight only at and before its own place.",
        rows: head.weights, rowLabels: labels, columnLabels: labels,
        rowTitle: "the byte that looks", columnTitle: "the byte it looks at", range: 0...1))
  }
}

/// The attention weights of a model's first layer, computed in the open from its weights.
private struct AttentionWeights {
  private let weights: [String: Tensor]
  private let configuration: DecoderConfiguration

  init(_ model: LanguageModel, _ configuration: DecoderConfiguration) {
    self.configuration = configuration
    var weights: [String: Tensor] = [:]
    for (name, parameter) in model.namedParameters { weights[name] = parameter.value }
    self.weights = weights
  }

  private func weight(_ name: String) -> Tensor { weights["model.\(name).weight"] ?? Tensor(0) }

  /// The head whose largest weights are largest on average, from the third row on.
  func sharpest(_ tokens: [Int]) -> (number: Int, sharpness: Double, weights: [[Double]]) {
    let (queries, keys) = queriesAndKeys(tokens)
    var best = (number: 0, sharpness: -1.0, weights: [[Double]]())
    for head in 0..<configuration.heads {
      let map = softmax(queries, keys, head)
      let tops = map.dropFirst(2).map { $0.max() ?? 0 }
      let sharpness = tops.reduce(0, +) / Double(max(tops.count, 1))
      if sharpness > best.sharpness { best = (head, sharpness, map) }
    }
    return best
  }

  private func queriesAndKeys(_ tokens: [Int]) -> (Tensor, Tensor) {
    let tape = Tape(recording: false)
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: tape)
    let rotary = RotaryEmbedding(width: configuration.headWidth, theta: configuration.ropeTheta)
    let x = tape.constant(weight("embed_tokens")).gathered(at: tokens).rmsNorm(
      weight: tape.constant(weight("layers.0.input_layernorm")),
      epsilon: Float(configuration.rmsNormEpsilon))
    func projected(_ name: String) -> Tensor {
      let matrix = tape.constant(weight("layers.0.self_attn.\(name)"))
      return x.matmul(matrix, transposing: .right).rotated(by: pass.table(rotary)).value
    }
    return (projected("q_proj"), projected("k_proj"))
  }

  private func softmax(_ queries: Tensor, _ keys: Tensor, _ head: Int) -> [[Double]] {
    let width = configuration.headWidth
    let shared = head / (configuration.heads / configuration.keyValueHeads)
    return (0..<queries.rows).map { row in
      let scores = (0...row).map { column in
        (0..<width).reduce(0.0) { sum, i in
          sum + Double(queries[row, head * width + i])
            * Double(keys[column, shared * width + i])
        } / Double(width).squareRoot()
      }
      let highest = scores.max() ?? 0
      let raised = scores.map { exp($0 - highest) }
      let sum = raised.reduce(0, +)
      return raised.map { $0 / sum } + [Double](repeating: 0, count: queries.rows - row - 1)
    }
  }
}
