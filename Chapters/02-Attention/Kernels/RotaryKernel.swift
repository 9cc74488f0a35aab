import Tensors

extension Tensor {
  /// Rotates the pairs of each head by the angles of the row, or back.
  package func rotated(
    _ cosines: Tensor, _ sines: Tensor, layout: RotaryEmbedding.Layout, backwards: Bool
  ) -> Tensor {
    let half = cosines.columns
    let heads = columns / (2 * half)
    let width = columns
    let sign: Float = backwards ? -1 : 1
    // Pair i holds entries i · step and i · step + gap.
    let (step, gap) = layout == .halfSplit ? (1, half) : (2, 1)
    return Tensor(shape: shape) { out in
      withScalars { x in
        cosines.withScalars { cosines in
          sines.withScalars { sines in
            guard
              let x = x.baseAddress, let y = out.baseAddress,
              let c = cosines.baseAddress, let s = sines.baseAddress
            else { return }
            for row in 0..<rows {
              for head in 0..<heads {
                let start = row * width + head * 2 * half
                Tensor.rotate(
                  half, x + start, y + start, c + row * half, s + row * half, sign, step, gap)
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func rotate(
    _ pairs: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ c: UnsafePointer<Float>, _ s: UnsafePointer<Float>, _ sign: Float, _ step: Int, _ gap: Int
  ) {
    for i in 0..<pairs {
      let (a, b) = (x[i &* step], x[i &* step &+ gap])
      let (cosine, sine) = (c[i], s[i] * sign)
      y[i &* step] = a * cosine - b * sine
      y[i &* step &+ gap] = a * sine + b * cosine
    }
  }
}
