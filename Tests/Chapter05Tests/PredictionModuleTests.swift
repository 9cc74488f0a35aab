import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A prediction module` {
  private let sizes = DecoderConfiguration(
    vocabularySize: 7, width: 4, feedForwardWidth: 5, layers: 1, heads: 2, keyValueHeads: 1,
    headWidth: 2, initializerRange: 0.5, predictors: 1)
  private let hidden = Tensor.test(3, 4)
  private let tokens = [5, 2, 5]
  private let targets = [2, 5, 0]

  private func twin(_ module: PredictionModule) -> ModuleTwin {
    ModuleTwin(module, width: 4, heads: 2, keyValueHeads: 1, headWidth: 2)
  }

  private func rows(_ tensor: Tensor) -> [[Double]] {
    (0..<tensor.rows).map { tensor.rows($0..<$0 + 1).doubles }
  }

  // snippet.oracle
  @Test func `agrees with its formulas in Double, forward and backward`() throws {
    let module = sizes.unevenModel(seed: 3).modules[0]
    let pass = Pass(Sequences(count: 1, length: 3), on: Tape())
    let input = pass.tape.variable(hidden)
    let output = module(input, with: tokens, in: pass)
    let twin = twin(module)
    expectClose(
      output.value, twin.output(rows(hidden), with: tokens).flatMap { $0 }, .product)

    let head = try #require(module.parameter("shared_head.head.weight"))
    let loss = output.crossEntropy(head: pass.tape[head], targets: targets, divisor: 4)
    let exact = twin.loss(rows(hidden), with: tokens, targets: targets, divisor: 4)
    #expect(abs(Double(loss.value.scalar) - exact) < 1e-6)

    let gradients = pass.tape.gradients(of: loss)
    for (name, parameter) in module.namedParameters {
      let found = try #require(gradients[parameter], "\(name)")
      expectClose(found, slopes(of: twin, along: name), .gradient, name)
    }
    let found = try #require(gradients[input])
    expectClose(found, slopesAlongHidden(twin), .gradient, "the hidden rows")
  }
  // snippet.end

  /// The central differences of the twin's loss along each entry of a weight.
  private func slopes(of twin: ModuleTwin, along name: String) -> [Double] {
    (twin.weights[name] ?? []).indices.map { place in
      slope { shift in
        var moved = twin
        moved.weights[name]?[place] += shift
        return moved.loss(rows(hidden), with: tokens, targets: targets, divisor: 4)
      }
    }
  }

  private func slopesAlongHidden(_ twin: ModuleTwin) -> [Double] {
    (0..<hidden.count).map { place in
      slope { shift in
        var moved = rows(hidden)
        moved[place / 4][place % 4] += shift
        return twin.loss(moved, with: tokens, targets: targets, divisor: 4)
      }
    }
  }

  private func slope(_ loss: (Double) -> Double) -> Double {
    let step = 1e-5
    return (loss(step) - loss(-step)) / (2 * step)
  }

  @Test func `does not care where the text begins`() {
    // The released code counts positions from the hidden row or from the token: a shift, no more.
    let module = DecoderConfiguration.dense().unevenModel(seed: 3).modules[0]
    let hidden = Tensor.test(6, 16)
    let outputs = [0, 1].map { offset in
      let sequences = Sequences(count: 1, length: 6, offsets: [offset])
      let pass = Pass(sequences, on: Tape(recording: false))
      return module(pass.tape.constant(hidden), with: [1, 2, 3, 4, 5, 6], in: pass).value
    }
    expectClose(outputs[1], outputs[0], Tolerance(1e-5, "rounded sines of other angles"))
  }

  @Test func `needs both of its inputs`() {
    let module = DecoderConfiguration.dense().unevenModel(seed: 3).modules[0]
    func output(_ hidden: Tensor, _ token: Int) -> Tensor {
      let pass = Pass(Sequences(count: 1, length: 1), on: Tape(recording: false))
      return module(pass.tape.constant(hidden), with: [token], in: pass).value
    }
    let one = output(.test(1, 16), 3)
    for other in [output(.test(1, 16), 4), output(.test(1, 16, seed: 2), 3)] {
      let distance = zip(one.scalars, other.scalars).map { abs($0 - $1) }.max() ?? 0
      #expect(distance > 0.1)
    }
  }

  @Test func `starts with weights of the deviation that its configuration says`() throws {
    var sizes = DecoderConfiguration(
      vocabularySize: 40, width: 64, feedForwardWidth: 64, layers: 2, heads: 4, predictors: 1)
    sizes.initializerRange = 0.006
    let module = DeepSeekModel(sizes, seed: 3).modules[0]
    for (name, parameter) in module.namedParameters {
      guard parameter.shape.count == 2 else {
        #expect(parameter.value.scalars.allSatisfy { $0 == 1 }, "\(name)")
        continue
      }
      let squares = parameter.value.doubles.reduce(0.0) { $0 + $1 * $1 }
      let deviation = (squares / Double(parameter.count)).squareRoot()
      let isOutput = name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight")
      #expect(abs(deviation / (isOutput ? 0.003 : 0.006) - 1) < 0.05, "\(name)")
    }
  }
}
