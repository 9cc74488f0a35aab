import Checkpoints
import Tensors

/// The memory of packed weights: panels of sixteen rows, and beside each its scales and zeros.
struct PackedMemory: Sendable {
  let rows: Int
  private(set) var columns: Int
  /// The pairs of columns, and those that share a scale.
  let pairs, groupPairs: Int
  private let codes: PackedBytes
  private let scales, zeros: PackedBytes?

  /// Packs a matrix whose parts are told entry by entry.
  /// - Parameters:
  ///   - group: the columns that share a scale, an even number; 0 for all.
  ///   - code: writes the codes of a pair of columns of a panel; a row or a column that lacks is
  ///     told as zero.
  ///   - scale: the scale of a group of a row.
  ///   - zero: its zero point.
  init(
    rows: Int, columns: Int, group: Int, _ layout: PackedLayout,
    code: (_ row: Int, _ column: Int) -> Float, scale: (_ row: Int, _ group: Int) -> Float,
    zero: ((_ row: Int, _ group: Int) -> Int8)?, in arena: PackedArena
  ) {
    self.rows = rows
    self.columns = columns
    pairs = (columns + 1) / 2
    groupPairs = group == 0 ? max(1, pairs) : group / 2
    let panels = (rows + 15) / 16
    let groups = (pairs + groupPairs - 1) / groupPairs
    codes = arena.take(panels * pairs * layout.pairBytes)
    scales =
      layout.scaleBytes > 0 ? arena.take(panels * groups * layout.scaleBytes) : nil
    zeros = zero == nil ? nil : arena.take(panels * groups * 16)
    for panel in 0..<panels {
      for pair in 0..<pairs {
        let (first, second) = (
          Self.sixteen { lane in
            panel * 16 + lane < rows ? code(panel * 16 + lane, 2 * pair) : 0
          },
          Self.sixteen { lane in
            panel * 16 + lane < rows && 2 * pair + 1 < columns
              ? code(panel * 16 + lane, 2 * pair + 1) : 0
          }
        )
        layout.write(
          first, second, to: codes.fresh + (panel * pairs + pair) * layout.pairBytes)
      }
      for group in 0..<groups {
        let place = panel * groups + group
        if let scales {
          let values = Self.sixteen { lane in
            panel * 16 + lane < rows ? scale(panel * 16 + lane, group) : 0
          }
          layout.writeScales(values, to: scales.fresh + place * layout.scaleBytes)
        }
        if let zeros, let zero {
          for lane in 0..<16 {
            let value = panel * 16 + lane < rows ? zero(panel * 16 + lane, group) : 0
            zeros.fresh.storeBytes(of: value, toByteOffset: place * 16 + lane, as: Int8.self)
          }
        }
      }
    }
  }

  private static func sixteen(_ value: (Int) -> Float) -> Sixteen {
    var lanes = Sixteen.zero
    for lane in 0..<16 { lanes[lane] = value(lane) }
    return lanes
  }

  var panels: Int { (rows + 15) / 16 }
  var groups: Int { pairs == 0 ? 0 : (pairs + groupPairs - 1) / groupPairs }
  /// The bytes of codes, scales and zero points.
  var byteCount: Int { codes.count + (scales?.count ?? 0) + (zeros?.count ?? 0) }
  var hasZeros: Bool { zeros != nil }

  /// The same memory, in which the zero that fills up an odd row counts as a column.
  var padded: PackedMemory {
    var even = self
    even.columns = 2 * pairs
    return even
  }

  /// Lends the addresses, for as long as the body runs.
  func withPanels<R>(_ body: (PackedPanels) -> R) -> R {
    let panels = PackedPanels(
      rows: rows, columns: columns, pairs: pairs, groupPairs: groupPairs, count: panels,
      groups: groups, codes: codes.address, scales: scales?.address ?? codes.address,
      zeros: zeros?.address, codeBytes: codes.count / max(1, self.panels),
      scaleBytes: (scales?.count ?? 0) / max(1, self.panels))
    return withExtendedLifetime(self) { body(panels) }
  }
}

/// The addresses of packed weights; counting references panel by panel would cost more than a panel.
struct PackedPanels: @unchecked Sendable {
  let rows, columns, pairs, groupPairs: Int
  /// The panels, and the groups of a row.
  let count, groups: Int
  let codes, scales: UnsafeRawPointer
  let zeros: UnsafeRawPointer?
  /// The bytes of a panel.
  let codeBytes, scaleBytes: Int

  @inline(__always)
  func codes(of panel: Int) -> UnsafeRawPointer { codes + panel &* codeBytes }

  @inline(__always)
  func scales(of panel: Int) -> UnsafeRawPointer { scales + panel &* scaleBytes }

  @inline(__always)
  func zeros(of panel: Int) -> UnsafeRawPointer? { zeros.map { $0 + panel &* groups &* 16 } }
}

/// How the codes of one format are written.
enum PackedLayout: Sendable {
  case single, brain, eightBit, bytes, nibbles

  var pairBytes: Int {
    switch self {
    case .single: SingleCodec.pairBytes
    case .brain: BrainCodec.pairBytes
    case .eightBit: EightBitCodec.pairBytes
    case .bytes: ByteCodec.pairBytes
    case .nibbles: NibbleCodec.pairBytes
    }
  }

  var scaleBytes: Int {
    switch self {
    case .single, .brain: NoScales.bytes
    case .eightBit: SingleScales.bytes
    case .bytes, .nibbles: BrainScales.bytes
    }
  }

  /// Writes a pair of columns.
  func write(_ first: Sixteen, _ second: Sixteen, to place: UnsafeMutableRawPointer) {
    switch self {
    case .single:
      place.storeBytes(of: first, as: Sixteen.self)
      place.storeBytes(of: second, toByteOffset: 64, as: Sixteen.self)
    case .brain:
      place.storeBytes(
        of: HalfPrecision.narrowedBrain(first), as: HalfPrecision.Codes.self)
      place.storeBytes(
        of: HalfPrecision.narrowedBrain(second), toByteOffset: 32, as: HalfPrecision.Codes.self)
    case .eightBit:
      place.storeBytes(of: EightBit.narrowed(first), as: EightBit.Codes.self)
      place.storeBytes(of: EightBit.narrowed(second), toByteOffset: 16, as: EightBit.Codes.self)
    case .bytes:
      for lane in 0..<16 {
        place.storeBytes(of: Int8(first[lane]), toByteOffset: lane, as: Int8.self)
        place.storeBytes(of: Int8(second[lane]), toByteOffset: 16 + lane, as: Int8.self)
      }
    case .nibbles:
      for lane in 0..<16 {
        let low = UInt8(bitPattern: Int8(first[lane])) & 15
        let high = UInt8(bitPattern: Int8(second[lane])) & 15
        place.storeBytes(of: low | high << 4, toByteOffset: lane, as: UInt8.self)
      }
    }
  }

  /// Writes the scales of a group.
  func writeScales(_ scales: Sixteen, to place: UnsafeMutableRawPointer) {
    switch self {
    case .single, .brain: break
    case .eightBit: place.storeBytes(of: scales, as: Sixteen.self)
    case .bytes, .nibbles:
      place.storeBytes(
        of: HalfPrecision.narrowedBrain(scales), as: HalfPrecision.Codes.self)
    }
  }
}
