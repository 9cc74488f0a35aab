import Attention
import Checkpoints
import FP8
import MoE
import Tensors

/// The experts that one card holds of a layer, at their full width, run in eight bits and in full.
public struct FullWidthExperts: Sendable {
  /// The experts.
  public let experts: Int
  /// Their weights.
  public let weights: Int
  /// The bytes of their codes and scales.
  public let bytes: Int
  /// The rows that went to each expert.
  public let loads: [Int]
  /// |eight bits − full precision| / |full precision|, over all numbers.
  public let error: Double
  /// The same for the token that fared worst.
  public let worstToken: Double

  /// Builds the experts of one of so many cards and sends each token to one of them.
  public init(
    of model: DecoderConfiguration = .v3, cards: Int = 64, tokens: Int = 32, seed: UInt64 = 0
  ) {
    let sizes = model.experts
    let count = max(1, (sizes?.count ?? 1) / cards)
    let hidden = sizes?.width ?? model.feedForwardWidth
    var generator = SplitMix64(seed: seed)
    let deviation = Float(model.initializerRange)
    let experts = (0..<count).map { _ in
      SwiGLUFeedForward(
        width: model.width, hidden: hidden, deviation: deviation, outputDeviation: deviation,
        using: &generator)
    }
    let rows = Tensor.normal(shape: [tokens, model.width], using: &generator)
    let order = ExpertOrder((0..<tokens).map { $0 % count }, of: count, active: 1)
    let gates = Tensor([Float](repeating: 1, count: tokens), shape: [tokens, 1])
    func output(_ products: any MatrixProduct) -> Tensor {
      let tape = Tape(recording: false, products: products)
      return mixture(tape.constant(rows), tape.constant(gates), order, experts).value
    }
    let full = output(SinglePrecision())
    let eight = output(EightBitProduct(for: experts[0]))
    let errors = (0..<tokens).map { token in
      let (e, f) = (eight.rows(token..<token + 1), full.rows(token..<token + 1))
      let difference = zip(e.scalars, f.scalars).reduce(0.0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      }
      return (difference, f.scalars.reduce(0.0) { $0 + Double($1) * Double($1) })
    }
    self.experts = count
    loads = order.loads
    let matrices = experts.flatMap(\.namedParameters).map(\.parameter.value)
    weights = matrices.reduce(0) { $0 + $1.count }
    bytes = matrices.reduce(0) { $0 + BlockScaled($1, by: .block).byteCount }
    let sums = errors.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    error = (sums.0 / sums.1).squareRoot()
    worstToken = errors.map { ($0.0 / $0.1).squareRoot() }.max() ?? 0
  }
}
