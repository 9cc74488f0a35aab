/// The loops of the optimizers.
@usableFromInline package enum OptimizerKernel {
  /// What all entries of a tensor share in one step of AdamW.
  @usableFromInline package struct AdamWStep: Sendable {
    /// 1 − η λ, what decay leaves of a weight.
    @usableFromInline package let keep: Float
    /// η / (1 − β₁ᵗ).
    @usableFromInline package let rate: Float
    /// β₁ and β₂.
    @usableFromInline package let beta1, beta2: Float
    /// 1 / √(1 − β₂ᵗ).
    @usableFromInline package let root: Float
    /// ε.
    @usableFromInline package let epsilon: Float
  }

  private struct AdamWMemory: @unchecked Sendable {
    let weight, first, second: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
  }

  /// Weights in one block of work; 28 bytes each, so a block fits the second-level cache.
  package static let blockSize = 16_384
  /// A root and a division take the time of about forty of the additions that `work` counts.
  package static let operationsPerWeight = 40

  /// One step of AdamW: four reads, three writes, and each number is touched once.
  static func adamW(
    _ weight: inout Tensor, _ first: inout Tensor, _ second: inout Tensor,
    _ gradient: Tensor, _ step: AdamWStep
  ) {
    let count = weight.count
    weight.withMutableScalars { w in
      first.withMutableScalars { m in
        second.withMutableScalars { v in
          gradient.withScalars { g in
            guard let w = w.baseAddress, let m = m.baseAddress, let v = v.baseAddress,
              let g = g.baseAddress
            else { return }
            let memory = AdamWMemory(weight: w, first: m, second: v, gradient: g)
            let blocks = (count + blockSize - 1) / blockSize
            Threads.forEachBlock(blocks, work: count * operationsPerWeight) { block in
              let start = block * blockSize
              adamW(memory, start, min(start + blockSize, count), step)
            }
          }
        }
      }
    }
  }

  private static func adamW(
    _ memory: AdamWMemory, _ start: Int, _ end: Int, _ step: AdamWStep
  ) {
    let (w, m, v, g) = (memory.weight, memory.first, memory.second, memory.gradient)
    var i = start
    while i &+ 8 <= end {
      let (weight, first, second) = moved(
        load(w + i), load(m + i), load(v + i), load(g + i), step)
      store(weight, w + i)
      store(first, m + i)
      store(second, v + i)
      i &+= 8
    }
    let rest = end - i
    guard rest > 0 else { return }
    let (weight, first, second) = moved(
      part(w + i, rest), part(m + i, rest), part(v + i, rest), part(g + i, rest), step)
    for lane in 0..<rest {
      w[i + lane] = weight[lane]
      m[i + lane] = first[lane]
      v[i + lane] = second[lane]
    }
  }

  /// AdamW for eight weights.
  @inlinable @inline(__always)
  package static func moved(
    _ weight: Lanes, _ first: Lanes, _ second: Lanes, _ gradient: Lanes, _ step: AdamWStep
  ) -> (weight: Lanes, first: Lanes, second: Lanes) {
    // snippet.adamw
    let first = adding(first, gradient - first, Lanes(repeating: 1 - step.beta1))
    let fresh = gradient * gradient * (1 - step.beta2)
    let second = adding(fresh, second, Lanes(repeating: step.beta2))
    let typical = adding(
      Lanes(repeating: step.epsilon), second.squareRoot(), Lanes(repeating: step.root))
    let moved = adding(weight * step.keep, first / typical, Lanes(repeating: -step.rate))
    // snippet.end
    return (moved, first, second)
  }

  /// Fewer than eight numbers, and zeros.
  private static func part(_ address: UnsafePointer<Float>, _ count: Int) -> Lanes {
    var lanes = Lanes.zero
    for lane in 0..<count { lanes[lane] = address[lane] }
    return lanes
  }

  /// A share of one tensor and the rest of another: μ · old + (1 − μ) · fresh.
  static func mix(_ fresh: Tensor, into old: Tensor, keeping share: Float) -> Tensor {
    Tensor(shape: old.shape) { target in
      old.withScalars { old in
        fresh.withScalars { fresh in
          for i in target.indices { target[i] = old[i] + (1 - share) * (fresh[i] - old[i]) }
        }
      }
    }
  }

  /// Moves rows, counted from the first, against a direction: w ← keep · w − rate · direction.
  static func descend(
    _ weight: inout Tensor, from row: Int = 0, along direction: Tensor, rate: Float,
    keep: Float
  ) {
    let start = row * direction.columns
    direction.withScalars { direction in
      weight.withMutableScalars { weight in
        for i in direction.indices {
          weight[start + i] = keep * weight[start + i] - rate * direction[i]
        }
      }
    }
  }

  /// The factor of one Newton–Schulz step: a I + b A + c A².
  static func polynomial(of matrix: Tensor, squared: Tensor) -> Tensor {
    let (a, b, c): (Float, Float, Float) = (3.4445, -4.775, 2.0315)
    let size = matrix.columns
    return Tensor(shape: matrix.shape) { target in
      matrix.withScalars { matrix in
        squared.withScalars { squared in
          for i in target.indices { target[i] = b * matrix[i] + c * squared[i] }
        }
      }
      for i in 0..<size { target[i * size + i] += a }
    }
  }
}
