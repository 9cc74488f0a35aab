import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import Testing
import Text

@Suite struct `The loss of packed documents` {
  /// A dense model, a dense model that looks ahead twice, and the smallest V3.
  private static let models: [DecoderConfiguration] = {
    var dense = NamedConfiguration.tiny.model
    var ahead = NamedConfiguration.tinyV3.model
    ahead.predictors = 2
    var wide = NamedConfiguration.stories.model
    (dense.initializerRange, ahead.initializerRange) = (0.2, 0.2)
    (wide.layers, wide.initializerRange, wide.vocabularySize) = (2, 0.1, 256)
    return [dense, ahead, wide]
  }()

  private func documents(_ seed: UInt64, longest: Int) -> [[Int]] {
    var generator = SplitMix64(seed: seed)
    return (0..<14).map { index in
      (0..<Draw.below(index < 2 ? longest : longest / 3, using: &generator)).map { _ in
        Draw.below(256, using: &generator)
      }
    }
  }

  /// The sum of the losses of a batch: the model's own, and that of each module.
  private func sums(_ model: DeepSeekModel, _ batch: Batch) -> [Double] {
    guard batch.targetCount > 0 else { return [0] + model.modules.map { _ in 0 } }
    let pass = Pass(Sequences(batch), on: Tape())
    let loss = model.loss(of: batch, in: pass, divisor: 1)
    return [Double(loss.value.scalar)]
      + model.modules.indices.map { pass.observations["mtp_loss_\($0 + 1)"] ?? 0 }
  }

  // snippet.alone
  @Test(arguments: models)
  func `is the mean of the losses of its documents alone, weighted by tokens`(
    sizes: DecoderConfiguration
  ) {
    let model = DeepSeekModel(sizes, seed: 3)
    for (seed, length) in [(1, 40), (2, 64), (3, 64)] {
      let documents = documents(UInt64(seed), longest: length)
      let packed = PackedDocuments(documents, length: length)
      #expect(packed.segments.contains { $0 > 1 }, "some row holds three documents")
      let together = sums(model, packed.isolated)
      var alone = together.map { _ in 0.0 }
      for document in documents where document.count > 1 {
        let single = PackedDocuments([document], length: document.count).batch
        for (index, sum) in sums(model, single).enumerated() { alone[index] += sum }
      }
      let count = Double(packed.batch.targetCount)
      for (sum, other) in zip(together, alone) {
        #expect(abs(sum - other) / count < 1e-5, "\(sum / count) against \(other / count)")
      }
      let crossing = sums(model, packed.batch)
      #expect(abs(crossing[0] - alone[0]) / count > 1e-3, "what crosses borders must be seen")
    }
  }
  // snippet.end

  @Test(arguments: models)
  func `has the gradient of its documents alone`(sizes: DecoderConfiguration) {
    let model = DeepSeekModel(sizes, seed: 3)
    let documents = documents(4, longest: 64)
    // The balance loss looks at whole rows, so it is left out: this is the gradient of the losses.
    func gradients(_ batch: Batch) -> Gradients {
      let pass = Pass(Sequences(batch), on: Tape())
      return pass.tape.gradients(of: model.loss(of: batch, in: pass, divisor: 100))
    }
    let together = gradients(PackedDocuments(documents, length: 64).isolated)
    var alone: Gradients?
    for document in documents where document.count > 1 {
      let one = gradients(PackedDocuments([document], length: document.count).batch)
      if alone == nil { alone = one } else { alone?.add(one) }
    }
    for (name, parameter) in model.namedParameters {
      guard let found = together[parameter], let expected = alone?[parameter] else { continue }
      let size = expected.scalars.reduce(0) { max($0, abs($1)) }
      let error = zip(found.scalars, expected.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(error <= 2e-4 * size + 1e-7, "\(name): \(error) of \(size)")
    }
  }

  @Test func `does not depend on what else is in the row`() {
    let model = DeepSeekModel(Self.models[1], seed: 3)
    let first = [3, 1, 4, 1, 5, 9, 2, 6]
    let losses = [[[2, 7, 1, 8]], [[9, 9, 9, 9]]].map { other in
      sums(model, PackedDocuments([first] + other, length: 12).isolated)[0]
        - sums(model, PackedDocuments(other, length: 4).batch)[0]
    }
    #expect(abs(losses[0] - losses[1]) < 1e-4)
  }
}
