import Tensors

extension Tensor {
  /// Rotates the pairs at the end of each head by the angles of the row, or back.
  package func rotated(_ table: RotaryTable, headWidth: Int? = nil, backwards: Bool) -> Tensor {
    let half = table.cosines.columns
    let headWidth = headWidth ?? 2 * half
    let heads = columns / headWidth
    let still = headWidth - 2 * half
    let width = columns
    let sign: Float = backwards ? -1 : 1
    // Pair i holds entries i · step and i · step + gap.
    let (step, gap) = table.layout == .halfSplit ? (1, half) : (2, 1)
    let result = Tensor(uninitialized: shape)
    let (x, y) = (address, result.fresh)
    let (c, s) = (table.cosines.address, table.sines.address)
    for row in 0..<rows {
      for head in 0..<heads {
        var start = row * width + head * headWidth
        if still > 0 { (y + start).update(from: x + start, count: still) }
        start += still
        Tensor.rotate(
          half, x + start, y + start, c + row * half, s + row * half, sign, step, gap)
      }
    }
    withExtendedLifetime(table) {}
    return result
  }

  @inline(__always)
  private static func rotate(
    _ pairs: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ c: UnsafePointer<Float>, _ s: UnsafePointer<Float>, _ sign: Float, _ step: Int, _ gap: Int
  ) {
    if step == 1 && pairs % 8 == 0 {
      for i in stride(from: 0, to: pairs, by: 8) {
        let (a, b) = (load(x + i), load(x + i + gap))
        let (cosine, sine) = (load(c + i), load(s + i) * sign)
        store(a * cosine - b * sine, y + i)
        store(a * sine + b * cosine, y + i + gap)
      }
      return
    }
    if step == 2 && pairs % 8 == 0 {
      for i in stride(from: 0, to: pairs, by: 8) {
        let both = SIMD16<Float>(lowHalf: load(x + 2 * i), highHalf: load(x + 2 * i + 8))
        let (a, b) = (both.evenHalf, both.oddHalf)
        let (cosine, sine) = (load(c + i), load(s + i) * sign)
        let (first, second): (Lanes, Lanes) = (a * cosine - b * sine, a * sine + b * cosine)
        var turned = SIMD16<Float>.zero
        turned.evenHalf = first
        turned.oddHalf = second
        store(turned.lowHalf, y + 2 * i)
        store(turned.highHalf, y + 2 * i + 8)
      }
      return
    }
    for i in 0..<pairs {
      let (a, b) = (x[i &* step], x[i &* step &+ gap])
      let (cosine, sine) = (c[i], s[i] * sign)
      y[i &* step] = a * cosine - b * sine
      y[i &* step &+ gap] = a * sine + b * cosine
    }
  }
}
