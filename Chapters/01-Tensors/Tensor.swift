/// A rectangular block of numbers: a shape, and its entries row by row.
///
/// A value like an `Int`: assigning it copies it (the memory is copied at the first write). There
/// are no strides and no views. A transposed operand is an argument of the product; a slice copies.
public struct Tensor: Sendable {
  /// The size of each axis; empty for a scalar.
  public internal(set) var shape: [Int]
  /// The number of entries: the product of the shape.
  public let count: Int
  var memory: Memory

  /// Creates a tensor from its entries, last axis fastest.
  public init(_ scalars: [Float], shape: [Int]) {
    insist(
      scalars.count == shape.reduce(1, *),
      "Tensor: \(scalars.count) scalars cannot fill the shape \(shape)")
    self.init(shape: shape) { _ = $0.initialize(from: scalars) }
  }

  /// Creates a tensor whose entries are all equal.
  public init(repeating value: Float = 0, shape: [Int]) {
    self.init(shape: shape) { $0.initialize(repeating: value) }
  }

  /// Creates a scalar.
  public init(_ value: Float) { self.init([value], shape: []) }

  /// The entries, last axis fastest.
  public var scalars: [Float] { withScalars { Array($0) } }

  /// The only entry of a tensor that has one.
  public var scalar: Float {
    insist(count == 1, "scalar: a tensor of shape \(shape) has \(count) entries, not one")
    return withScalars { $0[0] }
  }

  /// The size of the last axis; 1 for a scalar.
  public var columns: Int { shape.last ?? 1 }

  /// The number of rows when all axes but the last are laid end to end.
  public var rows: Int { columns == 0 ? 0 : count / columns }

  /// One entry, by its index on each axis.
  public subscript(index: Int...) -> Float {
    get { withScalars { $0[offset(of: index)] } }
    set {
      let place = offset(of: index)
      withMutableScalars { $0[place] = newValue }
    }
  }

  /// The same entries under another shape.
  public func reshaped(to shape: [Int]) -> Tensor {
    insist(
      shape.reduce(1, *) == count,
      "reshaped: \(self.shape) has \(count) entries, \(shape) has \(shape.reduce(1, *))")
    var copy = self
    copy.shape = shape
    return copy
  }

  private func offset(of index: [Int]) -> Int {
    insist(
      index.count == shape.count && zip(index, shape).allSatisfy { $0 >= 0 && $0 < $1 },
      "subscript: \(index) is not a place in the shape \(shape)")
    return zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }
}

extension Tensor: Equatable {
  /// Whether two tensors have one shape and equal entries.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.withScalars { left in b.withScalars { left.elementsEqual($0) } }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first entries.
  public var description: String {
    let shown = withScalars { $0.prefix(8).map { "\($0)" } }.joined(separator: ", ")
    return "Tensor\(shape) [\(shown)\(count > 8 ? ", …" : "")]"
  }
}
