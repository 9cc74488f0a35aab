import Attention
import Checkpoints
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `The module of the example` {
  /// Two numbers a row, three tokens, and a block that adds nothing.
  private let module: PredictionModule

  init() throws {
    let sizes = DecoderConfiguration(
      vocabularySize: 3, width: 2, feedForwardWidth: 2, layers: 1, heads: 1, predictors: 1)
    let model = DeepSeekModel(sizes, seed: 1)
    module = model.modules[0]
    func set(_ name: String, _ values: [Float]) throws {
      let parameter = try #require(module.parameter("\(name).weight"))
      parameter.value = Tensor(values, shape: parameter.shape)
    }
    try set("embed_tokens", [1, 1, 1, -1, -1, 1])
    try set("eh_proj", [1, 0, 0, 1, 0, 1, 1, 0])
    try set("self_attn.o_proj", [0, 0, 0, 0])
    try set("mlp.down_proj", [0, 0, 0, 0])
    try set("shared_head.head", [1, 0, 0, 1, 1, 1])
  }

  // snippet.by-hand
  @Test func `reads the embedding first and the hidden row second`() {
    let pass = Pass(Sequences(count: 1, length: 1), on: Tape(recording: false))
    let hidden = pass.tape.constant(Tensor([3, 1], shape: [1, 2]))
    let output = module(hidden, with: [1], in: pass)
    // norm(1, −1) = (1, −1), norm(3, 1) = (1.342, 0.447), exchanged and added: (1.447, 0.342)
    expectClose(output.value, [1.376381, 0.324920], .sixDigits, "norm(1.447, 0.342)")
    let head = pass.tape.constant(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2]))
    let loss = output.crossEntropy(head: head, targets: [2]).value
    expectClose(loss, [0.680607], .sixDigits, "−log of the third of .366, .128, .506")
  }
  // snippet.end
}

extension Tolerance {
  /// Numbers that were worked out on paper and written with six digits.
  static let sixDigits = Tolerance(2e-6, "written with six digits")
}
