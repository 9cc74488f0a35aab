import Attention
import MoE
import Tensors

/// Products of activations with weights in eight bits, as V3 was trained.
///
/// | product | formula | left operand | right operand | result |
/// |---|---|---|---|---|
/// | forward | Y = X · Wᵀ | X, 1 × 128 | W, 128 × 128 | BF16 |
/// | input gradient | X̄ = Ȳ · W | Ȳ, 1 × 128 | W, 128 × 128 | BF16 |
/// | weight gradient | W̄ = Ȳᵀ · X | Ȳ, 128 × 1 | X, 128 × 1 | FP32 |
///
/// Groups lie along the summed axis, so X and Ȳ are needed in two groupings each: X is grouped anew
/// from the codes that the tape kept, Ȳ is rounded twice. The weights' codes are made once a step
/// from the FP32 weights that the optimizer moves. V3, §3.3.1–3.3.3 and §3.5.2.
public struct EightBitProduct: MatrixProduct {
  /// What the experiments of this chapter change.
  public struct Options: Sendable, Hashable {
    /// The format of the gradients of activations: E4M3, or E5M2 as in earlier work.
    public var gradientFormat: FloatFormat
    /// Which of their entries share a scale on the way to the input: 1 × 128, or the 128 × 128 with
    /// which a training of DeepSeek's diverged (V3, appendix B.2).
    public var gradientGroup: ScaleGroup

    /// Chooses the options; those of V3 unless others are given.
    public init(gradientFormat: FloatFormat = .e4m3, gradientGroup: ScaleGroup = .tile) {
      insist(
        gradientFormat == .e4m3 || gradientFormat == .e5m2,
        "EightBitProduct: gradients in \(gradientFormat); there are E4M3 and E5M2")
      self.gradientFormat = gradientFormat
      self.gradientGroup = gradientGroup
    }
  }

  /// The options.
  public let options: Options
  /// The weights whose products stay in single precision.
  let high: Set<ObjectIdentifier>
  /// The weights whose inputs the tape keeps in twelve bits, with powers of two for scales.
  let careful: Set<ObjectIdentifier>

  // snippet.special
  /// Creates the products of a model; its weights' checkpoint names tell which are special.
  ///
  /// Embedding, output head, routers, norms and attention itself never come here. Of the maps
  /// that do, `eh_proj` of a prediction module stays in single precision, as in the released
  /// weights. The input of attention's `o_proj` is kept in E5M6: attention's own way back needs
  /// it too, and is sensitive to its errors.
  public init(for model: some Module, options: Options = Options()) {
    self.options = options
    let parameters = model.namedParameters
    func named(_ suffix: String) -> Set<ObjectIdentifier> {
      Set(
        parameters.filter { $0.name.hasSuffix(suffix) }.map { ObjectIdentifier($0.parameter) })
    }
    high = named("eh_proj.weight")
    careful = named("o_proj.weight")
  }
  // snippet.end

  // snippet.linear
  /// Multiplies rows by the transposed weight of each map and adds its bias, if it has one.
  ///
  /// The gradient of the input sums over the maps in FP32 and is rounded once.
  public func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    guard !maps.contains(where: { high.contains(ObjectIdentifier($0.weight)) }) else {
      return SinglePrecision().linear(x, maps)
    }
    let tape = x.tape
    let isCareful = maps.contains { careful.contains(ObjectIdentifier($0.weight)) }
    let rule: ScaleRule = isCareful ? .powerOfTwo : .single
    let rows = BlockScaled(x.value, by: .tile, scales: rule)
    let outputs = maps.map { forward(rows, $0) }
    let operands =
      [x] + maps.map { tape[$0.weight] } + maps.compactMap { $0.bias.map { tape[$0] } }
    guard tape.isRecording else {
      return tape.record("linear", outputs, from: operands) { _ in [] }
    }
    let kept = isCareful ? BlockScaled(x.value, in: .e5m6, by: .tile, scales: rule) : rows
    return tape.record("linear", outputs, from: operands) { upstream in
      lazy var columns = CodedColumns(regrouping: kept, scales: rule)
      return [.later { inputShare(upstream, maps, shape: kept.shape) }]
        + upstream.map { upstream in
          upstream.map { g in .later { weightShare(g, columns) } } ?? .none
        }
        + zip(maps, upstream).filter { $0.0.bias != nil }.map { _, upstream in
          upstream.map { g in .later { g.sumOfRows } } ?? .none
        }
    }
  }
  // snippet.end
}
