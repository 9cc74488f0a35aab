import Checkpoints
import FP8
import Tensors

/// A matrix of weights in any of the formats, laid out for products with few rows.
///
/// It multiplies rows of single precision and is never unpacked as a whole: a code is widened in a
/// register, used, and forgotten.
public struct QuantizedMatrix: Sendable {
  /// The format.
  public let format: WeightFormat
  let memory: PackedMemory

  /// Rounds a matrix.
  /// - Shape: [outputs, inputs]
  public init(_ matrix: Tensor, _ format: WeightFormat) {
    self.init(matrix, format, in: PackedArena())
  }

  /// Packs integers that were rounded already.
  public init(_ integers: IntegerCodes) { self.init(integers, in: PackedArena()) }

  init(_ matrix: Tensor, _ format: WeightFormat, in arena: PackedArena) {
    insist(
      matrix.shape.count == 2, "QuantizedMatrix: \(matrix.shape) is not a matrix")
    self.format = format
    memory =
      switch format {
      case .fp32: PackedMemory(matrix, .single, in: arena)
      case .bf16: PackedMemory(matrix, .brain, in: arena)
      case .fp8: PackedMemory(BlockScaled(matrix, by: .block), in: arena)
      case .integer(let integers):
        PackedMemory(IntegerCodes(rounding: matrix, to: integers), in: arena)
      }
  }

  init(_ integers: IntegerCodes, in arena: PackedArena) {
    format = .integer(integers.format)
    memory = PackedMemory(integers, in: arena)
  }

  /// [outputs, inputs].
  public var shape: [Int] { [memory.rows, memory.columns] }
  /// The bytes of codes, scales and zero points; rows are filled up to a multiple of sixteen.
  public var byteCount: Int { memory.byteCount }

  /// The numbers that the codes stand for.
  public var tensor: Tensor { rows(at: Array(0..<memory.rows)) }

  /// Some rows, widened: how a token finds its vector in an embedding.
  /// - Shape: [places] → [places, inputs]
  public func rows(at places: [Int]) -> Tensor {
    insist(
      places.allSatisfy { (0..<memory.rows).contains($0) },
      "QuantizedMatrix: rows \(places) of \(memory.rows)")
    return memory.rows(at: places, format)
  }

  /// Multiplies the rows of a tensor by the transposed matrix.
  ///
  /// y = x · Ŵᵀ. A row of the result has the same bits, whatever rows stand beside it.
  /// - Shape: [rows, inputs] → [rows, outputs]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [x.rows, memory.rows])
    multiply(x, column: 0, into: result, column: 0)
    return result
  }
}
