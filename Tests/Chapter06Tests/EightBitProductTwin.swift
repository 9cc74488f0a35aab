import FP8
import Tensors
import TestSupport

/// A matrix of doubles.
struct Grid {
  var rows, columns: Int
  var entries: [Double]

  init(_ rows: Int, _ columns: Int, _ entry: (_ row: Int, _ column: Int) -> Double) {
    (self.rows, self.columns) = (rows, columns)
    entries = (0..<rows * columns).map { entry($0 / columns, $0 % columns) }
  }

  init(_ tensor: Tensor) {
    (rows, columns, entries) = (tensor.rows, tensor.columns, tensor.doubles)
  }

  subscript(row: Int, column: Int) -> Double { entries[row * columns + column] }

  var transposed: Grid { Grid(columns, rows) { self[$1, $0] } }

  /// The plain product.
  func times(_ other: Grid) -> Grid {
    Grid(rows, other.columns) { i, j in
      (0..<columns).reduce(0) { $0 + self[i, $1] * other[$1, j] }
    }
  }

  func rounded(to format: FloatFormat) -> Grid {
    Grid(rows, columns) { format.rounded(self[$0, $1], .special) }
  }

  func rows(at places: [Int]) -> Grid { Grid(places.count, columns) { self[places[$0], $1] } }

  /// What is left of the matrix in so few bits: the definition of V3, §3.3.2, entry by entry.
  func quantized(
    _ rows: Int, _ columns: Int, in format: FloatFormat = .e4m3, powersOfTwo: Bool = false
  ) -> Grid {
    let across = (self.columns + columns - 1) / columns
    let groups = (self.rows + rows - 1) / rows * across
    var largest = [Double](repeating: 1e-4, count: groups)
    for i in 0..<self.rows {
      for j in 0..<self.columns {
        let group = i / rows * across + j / columns
        largest[group] = max(largest[group], abs(self[i, j]))
      }
    }
    let scales = largest.map { amax -> Float in
      let scale = Float(amax) / Float(format.largest)
      guard powersOfTwo else { return scale }
      var power: Float = 0x1p-100
      while power < scale { power *= 2 }
      return power
    }
    return Grid(self.rows, self.columns) { i, j in
      let scale = scales[i / rows * across + j / columns]
      return format.rounded(Double(Float(self[i, j]) / scale)) * Double(scale)
    }
  }
}

/// The length of a difference beside that of the thing itself.
func relativeError(_ actual: Tensor, _ expected: Tensor) -> Double {
  var (error, size) = (0.0, 0.0)
  for (a, b) in zip(actual.doubles, expected.doubles) {
    error += (a - b) * (a - b)
    size += b * b
  }
  return (error / size).squareRoot()
}

extension Tolerance {
  /// A result that lies next to a tie may be rounded to either neighbour.
  static let brain = Tolerance(1.0 / 128, "one step of BF16")
}
