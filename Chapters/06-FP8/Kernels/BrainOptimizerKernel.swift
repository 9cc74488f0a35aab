import Checkpoints
import Tensors

/// The loop of AdamW over moments of two bytes.
enum BrainOptimizerKernel {
  private struct Addresses: @unchecked Sendable {
    let weight: UnsafeMutablePointer<Float>
    let first, second: UnsafeMutableRawPointer
    let gradient: UnsafePointer<Float>
  }

  /// One step: the moments are widened, moved by chapter 1's formula, and rounded again.
  static func adamW(
    _ weight: inout Tensor, _ first: inout BrainTensor, _ second: inout BrainTensor,
    _ gradient: Tensor, _ step: OptimizerKernel.AdamWStep
  ) {
    let (count, size) = (weight.count, OptimizerKernel.blockSize)
    weight.withMutableScalars { w in
      first.withMutableCodes { m in
        second.withMutableCodes { v in
          gradient.withScalars { g in
            guard let w = w.baseAddress, let g = g.baseAddress else { return }
            let addresses = Addresses(weight: w, first: m, second: v, gradient: g)
            let work = count * OptimizerKernel.operationsPerWeight
            Threads.forEachBlock((count + size - 1) / size, work: work) { block in
              var place = block * size
              let end = min(place + size, count)
              while place < end {
                move(addresses, place, min(16, end - place), step)
                place += 16
              }
            }
          }
        }
      }
    }
  }

  /// Up to sixteen weights.
  @inline(__always)
  private static func move(
    _ a: Addresses, _ place: Int, _ count: Int, _ step: OptimizerKernel.AdamWStep
  ) {
    let weight = read(UnsafePointer(a.weight + place), count)
    let gradient = read(a.gradient + place, count)
    let first = HalfPrecision.widenedBrain(codes(UnsafeRawPointer(a.first), place, count))
    let second = HalfPrecision.widenedBrain(codes(UnsafeRawPointer(a.second), place, count))
    let low = OptimizerKernel.moved(
      weight.lowHalf, first.lowHalf, second.lowHalf, gradient.lowHalf, step)
    let high = OptimizerKernel.moved(
      weight.highHalf, first.highHalf, second.highHalf, gradient.highHalf, step)
    write(Lanes16(lowHalf: low.weight, highHalf: high.weight), a.weight + place, count)
    write(narrowed(low.first, high.first), a.first, place, count)
    write(narrowed(low.second, high.second), a.second, place, count)
  }

  private typealias Lanes16 = HalfPrecision.Lanes

  @inline(__always)
  private static func narrowed(_ low: Lanes, _ high: Lanes) -> HalfPrecision.Codes {
    HalfPrecision.narrowedBrain(Lanes16(lowHalf: low, highHalf: high))
  }
}
