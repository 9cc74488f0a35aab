import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `The loss of the modules` {
  private let batch = Batch.of(testTokens(28, below: 29), sequences: 3)

  /// The model's own loss, what the modules add, and the gradient of the sum.
  private func step(
    _ model: DeepSeekModel, _ batch: Batch, weight: Float = 0.3, divisor: Int? = nil
  ) -> (own: Double, added: Double, gradients: Gradients, observed: Observations) {
    var coefficients = Coefficients()
    coefficients[.predictionWeight] = weight
    let pass = Pass(
      Sequences(count: batch.sequences, length: batch.length), on: Tape(),
      coefficients: coefficients)
    let own = model.loss(of: batch, in: pass, divisor: divisor ?? batch.targetCount)
    let whole = pass.auxiliaryLosses.reduce(own) { $0 + $1 }
    let sum = Double(whole.value.scalar)
    return (
      Double(own.value.scalar), sum - Double(own.value.scalar),
      pass.tape.gradients(of: whole), pass.observations
    )
  }

  // snippet.divisor
  @Test func `is divided by all targets, of which depth k has k too few in each sequence`() {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 2)
    let means = model.predictionLosses(of: batch)
    let result = step(model, batch)
    // Three sequences of nine targets: depth 1 has 8 of 9, depth 2 has 7 of 9.
    let parts = [means[0] * 8 / 9, means[1] * 7 / 9]
    #expect(abs(result.added - 0.3 / 2 * (parts[0] + parts[1])) < 1e-5, "λ/D · Σ Lₖ")
    for depth in 0..<2 {
      let told = result.observed["mtp_loss_\(depth + 1)"] ?? .nan
      #expect(abs(told - parts[depth]) < 1e-5)
    }
  }
  // snippet.end

  @Test func `is the mean of −log softmax of the token two ahead`() {
    let model = DecoderConfiguration.dense().unevenModel(seed: 2)
    let pass = Pass(Sequences(count: 3, length: 9), on: Tape(recording: false))
    let hidden = model.language.hidden(batch.inputs, in: pass)
    let output = model.lookAhead(from: hidden, over: batch, in: pass)[0].hidden
    let logits = output.matmul(pass.tape[model.language.headWeight], transposing: .right)
    var sum = 0.0
    for sequence in 0..<3 {
      for position in 0..<8 {
        let row = logits.value.rows(sequence * 8 + position..<sequence * 8 + position + 1)
        // The token one ahead of a position is its target; the next position's is two ahead.
        let target = batch.targets[sequence * 9 + position + 1]
        sum += log(row.doubles.reduce(0.0) { $0 + exp($1) }) - row.doubles[target]
      }
    }
    #expect(abs(model.predictionLosses(of: batch)[0] - sum / 24) < 1e-5)
  }

  @Test func `stays out of the model's own loss and out of evaluation`() {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 2)
    let alone = model.withoutModules
    #expect(step(model, batch).own == step(alone, batch).own)
    #expect(step(alone, batch).added == 0)
    let pass = Pass(Sequences(count: 3, length: 9), on: Tape(recording: false))
    _ = model.loss(of: batch, in: pass, divisor: 27)
    #expect(pass.auxiliaryLosses.isEmpty && pass.observations.numbers.isEmpty)
    #expect(model.evaluate([batch]) == alone.language.evaluate([batch]))
  }

  @Test func `adds up over the shards of a batch`() throws {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 2)
    let whole = step(model, batch)
    let shards = batch.shards(2).map { step(model, $0, divisor: batch.targetCount) }
    #expect(abs(shards[0].added + shards[1].added - whole.added) < 1e-5)
    var gradients = shards[0].gradients
    gradients.add(shards[1].gradients)
    for (name, parameter) in model.namedParameters {
      let found = try #require(gradients[parameter], "\(name)")
      expectClose(found, try #require(whole.gradients[parameter]), .gradient, name)
    }
  }

  // snippet.shared
  @Test func `reaches the embedding and the head beside the model's own loss`() throws {
    let model = DecoderConfiguration.dense().unevenModel(seed: 2)
    let (without, with) = (step(model, batch, weight: 0), step(model, batch, weight: 1))
    let onlyModules = ["model.layers.2.enorm.weight", "model.layers.2.eh_proj.weight"]
    for name in onlyModules {
      let parameter = try #require(model.parameter(name))
      let norm = without.gradients[parameter]?.doubles.map { abs($0) }.max() ?? 0
      #expect(norm == 0, "\(name) has no other loss")
    }
    for name in ["model.embed_tokens.weight", "lm_head.weight", "model.norm.weight"] {
      let parameter = try #require(model.parameter(name))
      let (a, b) = (without.gradients[parameter], with.gradients[parameter])
      let own = try #require(a).doubles
      let share = zip(try #require(b).doubles, own).map { $0 - $1 }
      let length = share.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      #expect(length > 0.05, "\(name) learns from the modules")
      #expect(own.contains { abs($0) > 0.01 }, "\(name) learns from the model's own loss")
    }
  }
  // snippet.end

  @Test(arguments: [(1, false), (1, true), (2, true)])
  func `has the gradient that finite differences measure`(_ depths: Int, _ tied: Bool) throws {
    let model = DecoderConfiguration.dense(predictors: depths, tied: tied).unevenModel(seed: 4)
    let gradients = step(model, batch, weight: 1).gradients
    func objective() -> Double {
      let result = step(model, batch, weight: 1)
      return result.own + result.added
    }
    var seen: Set<ObjectIdentifier> = []
    for (name, parameter) in model.namedParameters {
      guard seen.insert(ObjectIdentifier(parameter)).inserted else { continue }
      let gradient = try #require(gradients[parameter], "\(name)")
      // Along its own direction the loss rises by the gradient's length.
      let length = gradient.doubles.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-5 else { continue }
      let start = parameter.value
      func loss(at distance: Double) -> Double {
        let moved = zip(start.doubles, gradient.doubles).map { $0 + distance * $1 / length }
        parameter.value = Tensor(moved.map { Float($0) }, shape: start.shape)
        return objective()
      }
      let slope = (loss(at: 0.01) - loss(at: -0.01)) / 0.02
      parameter.value = start
      // A loss near 8 is rounded by 5e-7, so a slope by 5e-5.
      #expect(abs(slope - length) < 0.01 * length + 2e-4, "\(name): \(slope), not \(length)")
    }
  }

  @Test func `knows nothing at first`() {
    let model = DeepSeekModel(.dense(predictors: 2, deviation: 0.02), seed: 2)
    for loss in model.predictionLosses(of: batch) { #expect(abs(loss - log(29)) < 0.05) }
  }

  @Test func `weighs less after two thirds of the training`() throws {
    var plan = TrainingPlan(
      steps: 10, sequences: 3, length: 9, rate: 1e-3, schedule: .constant())
    plan.coefficients[Coefficient.predictionWeight.name] = .predictionWeightOfV3
    var trainer = try Trainer(
      DeepSeekModel(.dense(), seed: 2), plan: plan, tokens: testTokens(200, below: 29))
    for step in 1...10 {
      let report = try trainer.takeStep()
      let told = try #require(report.observations["mtp_loss_1"])
      // 10 T of 14.8 T tokens are 0.676 of the way.
      #expect(abs(report.auxiliaryLoss / told - (step <= 6 ? 0.3 : 0.1)) < 1e-4, "\(step)")
    }
  }
}
