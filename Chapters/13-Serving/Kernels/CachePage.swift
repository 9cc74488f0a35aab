import Checkpoints
import Tensors

/// Sixteen tokens of a cache, in all layers.
///
/// A row holds its parts one behind the other; in eight bits the codes of a part come first, then
/// the scales of its tiles.
struct CachePage: Sendable {
  private var memory: Tensor

  init(_ layout: CacheLayout) {
    // A vector that begins with the last codes may reach beyond them.
    memory = Tensor(uninitialized: [layout.bytesPerPage / 4 + 16])
  }

  private static func offset(
    _ layout: CacheLayout, layer: Int, place: Int, part: Int
  ) -> Int {
    let before = layout.parts[..<part].reduce(0) { $0 + layout.format.bytes($1) }
    return (layer * CacheLayout.pageTokens + place) * layout.bytesPerRow + before
  }

  /// Keeps one row of a matrix as the row of a token.
  mutating func write(
    _ rows: Tensor, row: Int, _ layout: CacheLayout, layer: Int, place: Int
  ) {
    memory.withMutableScalars { memory in
      guard let base = memory.baseAddress else { return }
      let raw = UnsafeMutableRawPointer(base)
      var x = rows.address + row * rows.columns
      for (part, width) in layout.parts.enumerated() {
        let out = raw + Self.offset(layout, layer: layer, place: place, part: part)
        CacheRow.write(x, width, layout.format, to: out)
        x += width
      }
    }
    withExtendedLifetime(rows) {}
  }

  /// Widens one part of some rows.
  func read(
    _ count: Int, _ layout: CacheLayout, part: Int, layer: Int, into target: Tensor,
    from first: Int
  ) {
    let width = layout.parts[part]
    let base = UnsafeRawPointer(memory.address)
    for place in 0..<count {
      CacheRow.read(
        base + Self.offset(layout, layer: layer, place: place, part: part), width,
        layout.format, into: target.fresh + (first + place) * width)
    }
    withExtendedLifetime(memory) {}
  }
}

/// The numbers of a token, narrowed and widened.
private enum CacheRow {
  static func write(
    _ x: UnsafePointer<Float>, _ width: Int, _ format: CacheFormat,
    to out: UnsafeMutableRawPointer
  ) {
    switch format {
    case .fp32: out.copyMemory(from: x, byteCount: 4 * width)
    case .bf16:
      for start in stride(from: 0, to: width, by: 16) {
        let count = min(16, width - start)
        var numbers = Sixteen.zero
        for lane in 0..<count { numbers[lane] = x[start + lane] }
        let codes = HalfPrecision.narrowedBrain(numbers)
        for lane in 0..<count {
          out.storeBytes(of: codes[lane], toByteOffset: 2 * (start + lane), as: UInt16.self)
        }
      }
    case .int8: writeBytes(x, width, to: out)
    }
  }

  private static func writeBytes(
    _ x: UnsafePointer<Float>, _ width: Int, to out: UnsafeMutableRawPointer
  ) {
    let scales = out + (width + 3) / 4 * 4
    for (tile, start) in stride(from: 0, to: width, by: CacheFormat.tile).enumerated() {
      let end = min(start + CacheFormat.tile, width)
      let largest = (start..<end).reduce(Float(0)) { max($0, abs(x[$1])) }
      let scale = largest > 0 ? largest / 127 : 1
      scales.storeBytes(of: scale, toByteOffset: 4 * tile, as: Float.self)
      for place in start..<end {
        let steps = (x[place] / scale).rounded(.toNearestOrEven)
        let code = Int8(max(-127, min(127, steps.isFinite ? steps : 0)))
        out.storeBytes(of: code, toByteOffset: place, as: Int8.self)
      }
    }
  }

  static func read(
    _ source: UnsafeRawPointer, _ width: Int, _ format: CacheFormat,
    into y: UnsafeMutablePointer<Float>
  ) {
    switch format {
    case .fp32: UnsafeMutableRawPointer(y).copyMemory(from: source, byteCount: 4 * width)
    case .bf16:
      sixteens(width, into: y) { place in
        BrainCodec.widened(
          source.loadUnaligned(fromByteOffset: 2 * place, as: HalfPrecision.Codes.self))
      }
    case .int8:
      let scales = source + (width + 3) / 4 * 4
      sixteens(width, into: y) { place in
        let scale = scales.load(
          fromByteOffset: 4 * (place / CacheFormat.tile), as: Float.self)
        let bytes = source.loadUnaligned(fromByteOffset: place, as: Integers.Bytes.self)
        return Integers.widened(bytes) * scale
      }
    }
  }

  @inline(__always)
  private static func sixteens(
    _ width: Int, into y: UnsafeMutablePointer<Float>, _ body: (_ place: Int) -> Sixteen
  ) {
    var place = 0
    while place &+ 16 <= width {
      store(body(place), y + place)
      place &+= 16
    }
    guard place < width else { return }
    let rest = body(place)
    for lane in 0..<(width - place) { y[place + lane] = rest[lane] }
  }
}
