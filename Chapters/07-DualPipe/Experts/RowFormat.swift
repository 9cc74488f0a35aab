import FP8
import Tensors

/// How rows travel.
///
/// V3 (§3.3.3) scatters in eight bits, with scales that are powers of two, and reduces in
/// sixteen.
public enum RowFormat: Sendable, CaseIterable {
  /// Single precision.
  case single
  /// Brain floating point.
  case brain
  /// E4M3 with a scale for each 128 numbers.
  case eightBit

  /// The bytes of one row: 28 672, 14 336 and 7 168 + 4 · 56 = 7 392 for V3's width of 7 168.
  public func bytes(width: Int) -> Int {
    switch self {
    case .single: 4 * width
    case .brain: 2 * width
    case .eightBit: width + 4 * ((width + 127) / 128)
    }
  }
}

/// Rows as they are on a wire.
struct PackedRows: Sendable {
  private enum Content {
    case single(Tensor)
    case brain(BrainTensor)
    /// Row by row, so that a relay can pass on some of them as they are.
    case eightBit([BlockScaled], width: Int)
  }

  private let content: Content

  /// Converts rows.
  init(_ rows: Tensor, as format: RowFormat) {
    content =
      switch format {
      case .single: .single(rows)
      case .brain: .brain(BrainTensor(rounding: rows))
      case .eightBit:
        .eightBit(
          (0..<rows.rows).map {
            BlockScaled(rows.rows($0..<$0 + 1), by: .tile, scales: .powerOfTwo)
          }, width: rows.columns)
      }
  }

  private init(content: Content) { self.content = content }

  /// Some of the rows; nothing is rounded again.
  func gathered(at rows: [Int]) -> PackedRows {
    switch content {
    case .single(let tensor):
      PackedRows(content: .single(tensor.gathered(at: rows)))
    case .brain(let brain):
      PackedRows(content: .brain(BrainTensor(rounding: brain.tensor.gathered(at: rows))))
    case .eightBit(let codes, let width):
      PackedRows(content: .eightBit(rows.map { codes[$0] }, width: width))
    }
  }

  /// The numbers that arrive.
  var tensor: Tensor {
    switch content {
    case .single(let tensor): tensor
    case .brain(let brain): brain.tensor
    case .eightBit(let codes, let width):
      codes.isEmpty
        ? Tensor(shape: [0, width]) : .concatenated(codes.map(\.tensor), along: 0)
    }
  }

  /// The bytes of codes and scales.
  var byteCount: Int {
    switch content {
    case .single(let tensor): 4 * tensor.count
    case .brain(let brain): brain.byteCount
    case .eightBit(let codes, _): codes.reduce(0) { $0 + $1.byteCount }
    }
  }
}
