import Checkpoints
import Foundation
import Serving
import Tensors
import TestSupport
import Testing

@Suite struct `A quantised matrix` {
  /// Rows times the transposed matrix, in Double, from the numbers that the codes stand for.
  private func oracle(_ x: Tensor, _ matrix: Tensor) -> [Double] {
    let (m, n, k) = (x.rows, matrix.shape[0], matrix.shape[1])
    let (a, b) = (x.doubles, matrix.doubles)
    return (0..<m * n).map { place in
      let (i, j) = place.quotientAndRemainder(dividingBy: n)
      return (0..<k).reduce(0.0) { $0 + a[i * k + $1] * b[j * k + $1] }
    }
  }

  @Test(arguments: allFormats)
  func `multiplies as the numbers do that its codes stand for`(_ format: WeightFormat) {
    for (m, n, k) in [
      (1, 16, 64), (2, 40, 130), (3, 7, 5), (5, 33, 48), (11, 18, 70), (4, 1, 1),
      (3, 70, 34), (9, 100, 96),
    ] {
      let matrix = QuantizedMatrix(.test(n, k, seed: UInt64(k)), format)
      let x = Tensor.test(m, k, seed: 3)
      expectClose(
        matrix(x), oracle(x, matrix.tensor), .product, "\(format.name) \(m) × \(n) × \(k)")
    }
  }

  @Test(arguments: allFormats)
  func `gives a row the same bits, whatever stands beside it`(_ format: WeightFormat) {
    let matrix = QuantizedMatrix(.test(50, 72), format)
    let x = Tensor.test(21, 72)
    let together = matrix(x)
    for row in 0..<21 {
      let alone = matrix(x.gathered(at: [row]))
      #expect(alone == together.gathered(at: [row]), "row \(row)")
    }
    for count in 2...17 {
      let some = matrix(x.gathered(at: Array(0..<count)))
      #expect(some == together.gathered(at: Array(0..<count)), "\(count) rows")
    }
  }

  @Test(arguments: allFormats)
  func `gives an output the same bits, whatever stands beside it`(_ format: WeightFormat) {
    // So few rows share their scales in every format, whichever of them comes first.
    let numbers = Tensor.test(84, 72)
    for rows in [1, 3, 4, 5, 9] {
      let x = Tensor.test(rows, 72, seed: 2)
      let expected = QuantizedMatrix(numbers, format)(x)
      for shift in [1, 16, 37] {
        let order = (0..<84).map { ($0 + shift) % 84 }
        let shifted = QuantizedMatrix(numbers.gathered(at: order), format)(x)
        #expect(
          shifted.permuted([1, 0]) == expected.permuted([1, 0]).gathered(at: order),
          "\(rows) rows, shifted by \(shift)")
      }
    }
  }

  @Test func `gives the same bits on any number of threads`() {
    let matrix = QuantizedMatrix(.test(700, 512), .int8)
    let x = Tensor.test(9, 512)
    let expected = Threads.with(1) { matrix(x) }
    #expect(
      [2, 3, 8].allSatisfy { threads in Threads.with(threads) { matrix(x) } == expected })
  }

  @Test func `holds the numbers that each format's own definition gives`() {
    let matrix = Tensor.test(20, 34)
    #expect(QuantizedMatrix(matrix, .fp32).tensor == matrix)
    for case .integer(let format) in allFormats {
      let codes = IntegerCodes(rounding: matrix, to: format)
      expectClose(QuantizedMatrix(codes).tensor, codes.tensor, .exact, "\(format)")
    }
    // Half a step of seven bits of fraction, and of three.
    for (format, step) in [(WeightFormat.bf16, 0x1p-8), (.fp8, 0x1p-4)] {
      let rounded = QuantizedMatrix(matrix, format).tensor
      let errors = zip(rounded.doubles, matrix.doubles).filter { abs($1) > 0.1 }
        .map { abs($0 / $1 - 1) }
      #expect(errors.allSatisfy { $0 <= step * 1.01 })
      #expect((errors.max() ?? 0) > step / 2, "\(format.name) rounds")
    }
  }

  @Test func `takes the bytes that its format says`() {
    let matrix = Tensor.test(64, 256)
    for format in allFormats where format != .fp8 {
      guard case .integer(let integers) = format, 256 % integers.group != 0 else {
        let bytes = QuantizedMatrix(matrix, format).byteCount
        #expect(Double(bytes) * 8 == format.bitsPerWeight * 64 * 256, "\(format.name)")
        continue
      }
    }
    #expect(WeightFormat.int4.bitsPerWeight == 4.5 && WeightFormat.int8.bitsPerWeight == 8.5)
  }

  @Test func `finds its rows as an embedding does`() {
    let matrix = QuantizedMatrix(.test(19, 24), .int4)
    let all = matrix.tensor
    #expect(matrix.rows(at: [18, 0, 5, 5]) == all.gathered(at: [18, 0, 5, 5]))
  }
}
