import Attention
import Checkpoints
import MTP
import Tensors

/// Where the weights of a model come from, asked for by their checkpoint names.
public protocol WeightSource {
  /// Whether there is such a weight.
  func contains(_ tensor: String) -> Bool
  /// A weight in single precision.
  func tensor(_ tensor: String, shape: [Int]?) throws(CheckpointError) -> Tensor
  /// The codes of a matrix that was rounded to integers already; nil for any other.
  func integerCodes(_ tensor: String, shape: [Int]) throws(CheckpointError) -> IntegerCodes?
}

extension StoredTensors: WeightSource {}

/// The weights of a model in memory.
public struct ModelWeights: WeightSource {
  private let parameters: [String: Parameter]

  /// Lists the weights of a model.
  public init(_ model: some Module) {
    parameters = Dictionary(
      model.namedParameters.map { ($0.name, $0.parameter) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Whether there is such a weight.
  public func contains(_ tensor: String) -> Bool { parameters[tensor] != nil }

  /// A weight.
  public func tensor(_ tensor: String, shape: [Int]?) throws(CheckpointError) -> Tensor {
    guard let parameter = parameters[tensor] else {
      throw .tensor(tensor, file: "the model", .missing)
    }
    guard parameter.shape == shape ?? parameter.shape else {
      throw .tensor(
        tensor, file: "the model", .wrongShape(expected: shape ?? [], found: parameter.shape))
    }
    return parameter.value
  }

  /// Nothing: the weights are numbers.
  public func integerCodes(
    _ tensor: String, shape: [Int]
  ) throws(CheckpointError) -> IntegerCodes? { nil }
}

/// Weights on their way into a served model: the names of one part, and the format to pack them in.
struct PackingSource {
  let weights: any WeightSource
  let configuration: DecoderConfiguration
  let format: WeightFormat
  var prefix = ""
  /// Where the matrices of the model lie, one behind the other.
  var arena = PackedArena()

  /// The same source for a part of this part.
  func part(_ name: String) -> PackingSource {
    var part = self
    part.prefix += name + "."
    return part
  }

  /// The same source for matrices that are not kept.
  var aside: PackingSource {
    var aside = self
    aside.arena = PackedArena()
    return aside
  }

  /// A vector, or a matrix that is needed as numbers.
  func tensor(_ name: String, _ shape: Int...) throws(CheckpointError) -> Tensor {
    try weights.tensor(prefix + name, shape: shape)
  }

  /// A vector that only some models have.
  func optional(_ name: String, _ shape: Int...) throws(CheckpointError) -> Tensor? {
    weights.contains(prefix + name) ? try weights.tensor(prefix + name, shape: shape) : nil
  }

  /// A matrix in the format of the model, or in another.
  func matrix(
    _ name: String, _ rows: Int, _ columns: Int, as other: WeightFormat? = nil
  ) throws(CheckpointError) -> QuantizedMatrix {
    let (name, format) = (prefix + name + ".weight", other ?? format)
    if let codes = try weights.integerCodes(name, shape: [rows, columns]),
      format == .integer(codes.format)
    {
      return QuantizedMatrix(codes, in: arena)
    }
    return QuantizedMatrix(
      try weights.tensor(name, shape: [rows, columns]), format, in: arena)
  }
}
