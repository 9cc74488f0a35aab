import Checkpoints
import Tensors

/// Loops over a run of neighbouring numbers and their codes, sixteen at a time.
enum CodesRun<Codes: SixteenCodes> {
  typealias Lanes = SmallFloat.Lanes

  /// Raises the bits of a magnitude to those of the largest of a run, among which a NaN counts most.
  @inline(__always)
  static func raise(_ bits: inout UInt32, _ count: Int, to x: UnsafePointer<Float>) {
    var most = bits
    for j in 0..<count { most = max(most, x[j].bitPattern & 0x7FFF_FFFF) }
    bits = most
  }

  /// Raises each of some numbers to the magnitude of another, where that is larger.
  @inline(__always)
  static func raise(
    _ count: Int, _ sums: UnsafeMutablePointer<Float>, to x: UnsafePointer<Float>
  ) {
    var j = 0
    while j &+ 16 <= count {
      let (most, new) = (load(UnsafePointer(sums + j)), magnitude(load(x + j)))
      let raised = most.replacing(with: new, where: most .< new)
      UnsafeMutableRawPointer(sums + j).storeBytes(of: raised, as: Lanes.self)
      j &+= 16
    }
    while j < count {
      if sums[j] < abs(x[j]) { sums[j] = abs(x[j]) }
      j &+= 1
    }
  }

  /// Raises the bits of magnitudes to those of another run, among which a NaN counts most.
  @inline(__always)
  static func raiseBits(
    _ count: Int, _ sums: UnsafeMutablePointer<Float>, to x: UnsafePointer<Float>
  ) {
    for j in 0..<count {
      let bits = max(sums[j].bitPattern, x[j].bitPattern & 0x7FFF_FFFF)
      sums[j] = Float(bitPattern: bits)
    }
  }

  /// Divides finite numbers by scales that make none of them too large, and writes the codes.
  @inline(__always)
  static func encodeBounded(
    _ count: Int, _ x: UnsafePointer<Float>, into out: UnsafeMutableRawPointer,
    _ scale: (_ place: Int) -> Float
  ) {
    let out = out.assumingMemoryBound(to: UInt8.self)
    for j in 0..<count {
      let value = x[j] / scale(j)
      let code = SmallFloat.rounded(
        value, fractionBits: Codes.fractionBits, bias: Codes.bias)
      out[j] = UInt8(truncatingIfNeeded: code | ((value.bitPattern &>> 24) & 0x80))
    }
  }

  /// Divides numbers by their scales and writes the codes.
  @inline(__always)
  static func encode(
    _ count: Int, _ x: UnsafePointer<Float>, into out: UnsafeMutableRawPointer,
    _ scale: (_ place: Int) -> Lanes
  ) {
    var (j, place) = (0, out)
    while j &+ 16 <= count {
      Codes.write(load(x + j) / scale(j), to: place)
      j &+= 16
      place += Codes.bytes
    }
    guard j < count else { return }
    let rest = load(x + j, count - j, filling: 0) / scale(j)
    guard Codes.isBytewise else { return Codes.write(rest, to: place) }
    var codes = EightBit.Codes()
    withUnsafeMutableBytes(of: &codes) { bytes in
      guard let base = bytes.baseAddress else { return }
      Codes.write(rest, to: base)
      place.copyMemory(from: base, byteCount: count - j)
    }
  }

  /// Reads codes and multiplies them with their scales.
  @inline(__always)
  static func decode(
    _ count: Int, _ source: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>,
    _ scale: (_ place: Int) -> Lanes
  ) {
    var (j, place) = (0, source)
    while j &+ 16 <= count {
      let values = Codes.read(place) * scale(j)
      UnsafeMutableRawPointer(y + j).storeBytes(of: values, as: Lanes.self)
      j &+= 16
      place += Codes.bytes
    }
    guard j < count else { return }
    // Behind the last code there is memory that may be read.
    let values = Codes.read(place) * scale(j)
    for lane in 0..<(count - j) { y[j + lane] = values[lane] }
  }

  @inline(__always)
  static func load(_ x: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(x).loadUnaligned(as: Lanes.self)
  }

  /// Reads up to sixteen numbers; the lanes behind them are filled.
  @inline(__always)
  static func load(_ x: UnsafePointer<Float>, _ count: Int, filling value: Float) -> Lanes {
    if count == 16 { return load(x) }
    var lanes = Lanes(repeating: value)
    for lane in 0..<count { lanes[lane] = x[lane] }
    return lanes
  }

  @inline(__always)
  private static func magnitude(_ x: Lanes) -> Lanes {
    unsafeBitCast(unsafeBitCast(x, to: SmallFloat.Bits.self) & 0x7FFF_FFFF, to: Lanes.self)
  }
}
