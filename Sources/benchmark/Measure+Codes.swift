import FP8
import Tensors

extension Measure {
  /// E4M3 in tiles of 1 × 128, scales and their search included, against a copy of the same numbers.
  ///
  /// The matrix is far larger than the caches, so that copying costs what memory costs. All rows
  /// count the bytes of the numbers in single precision, once.
  static var codes: [Measure] {
    [
      Measure(name: "fp8/copy", threads: 1) { _ in
        let matrix = largeMatrix
        let speed = gigabytes(of: matrix, in: Stopwatch.best { copy(matrix) })
        return Row(name: "fp8/copy", threads: 1, numbers: [("gigabytes_per_second", speed)])
      },
      conversion("fp8/encode", of: largeMatrix) { matrix, _ in
        _ = BlockScaled(matrix, by: .tile)
      },
      conversion("fp8/decode", of: largeMatrix) { _, scaled in _ = scaled.tensor },
    ]
  }

  private static func conversion(
    _ name: String, of matrix: @escaping @autoclosure () -> Tensor,
    _ body: @escaping (Tensor, BlockScaled) -> Void
  ) -> Measure {
    Measure(name: name, threads: 1) { _ in
      let matrix = matrix()
      let scaled = BlockScaled(matrix, by: .tile)
      // By turns, so that both meet the same disturbances.
      var (seconds, copySeconds) = (Double.infinity, Double.infinity)
      for _ in 0..<4 {
        seconds = min(seconds, Stopwatch.best(within: 0.2, atLeast: 2) { body(matrix, scaled) })
        copySeconds = min(copySeconds, Stopwatch.best(within: 0.2, atLeast: 2) { copy(matrix) })
      }
      return Row(
        name: name, threads: 1,
        numbers: [
          ("gigabytes_per_second", gigabytes(of: matrix, in: seconds)),
          ("times_copy", copySeconds / seconds),
        ])
    }
  }

  /// Sixteen million numbers, 64 MB of them.
  private static var largeMatrix: Tensor {
    var generator = SplitMix64(seed: 6)
    let rows = Tensor.normal(shape: [64, 4096], using: &generator)
    return Tensor.concatenated(Array(repeating: rows, count: 64), along: 0)
  }

  /// Copies a tensor: the first write to a shared one does.
  private static func copy(_ matrix: Tensor) {
    var other = matrix
    other[0, 0] = 1
    insist(other[0, 0] == 1, "copy: the write must arrive")
  }

  private static func gigabytes(of matrix: Tensor, in seconds: Double) -> Double {
    Double(4 * matrix.count) / seconds * 1e-9
  }
}
