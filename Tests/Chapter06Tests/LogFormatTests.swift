import FP8
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `A format of logarithms` {
  @Test func `by hand`() {
    // Four bits: a sign and the codes 0 … 7, six steps from 1 to 64, so each is a factor of 2.
    let tile = LogFormat(bits: 4).tile([1, -64, 0, 8, 2.9, 3.1, -0.0])
    #expect(tile.codes == [1, 7, 0, 4, 2, 3, 0])
    #expect(abs(tile.step - log(2)) < 1e-15 && tile.minimum == 0)
    #expect(zip(tile.values, [1, -64, 0, 8, 2, 4, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    // Between 2 and 4 the linear boundary is 3, the logarithmic one 2.83.
    #expect(LogFormat(bits: 4, rounding: .logarithmic).tile([1, 64, 2.9]).codes == [1, 7, 3])
  }

  @Test func `keeps its corners`() {
    let format = LogFormat(bits: 8)
    #expect(format.tile([0, 0]).values == [0, 0])
    #expect(format.tile([5, -5, 0]).codes == [1, 1, 0])
    #expect(abs(format.tile([5, -5, 0]).values[1] + 5) < 1e-12)
    #expect(format.tile([]).codes.isEmpty)
    // The range ends 2³² below the largest; what lies lower goes there or to zero.
    let wide = format.tile([0x1p32, 1, 0.6, 0.4, 1e-30])
    #expect(wide.codes == [127, 1, 1, 0, 0])
  }

  @Test func `gives back the numbers of its codes`() {
    let format = LogFormat(bits: 6)
    let values = format.tile((0..<128).map { Double($0 * $0 % 97) - 40 }).values
    let again = format.tile(values)
    #expect(zip(again.values, values).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
  }

  @Test(arguments: [(5, 1.9e-2), (8, 2.4e-4)])
  func `is without bias only when it rounds between numbers`(_ bits: Int, _ bias: Double) {
    // Evenly distributed magnitudes; normally distributed ones have small biases of both signs.
    var generator = SplitMix64(seed: 7)
    let entries = (0..<512 * 128).map { _ in Float(generator.uniform()) }
    let matrix = Tensor(entries, shape: [512, 128])
    let sum = matrix.doubles.reduce(0, +)
    func found(_ rounding: LogFormat.Rounding) -> Double {
      let rounded = LogFormat(bits: bits, rounding: rounding).rounded(matrix)
      return rounded.doubles.reduce(0, +) / sum - 1
    }
    #expect(abs(found(.linear)) < bias / 20)
    #expect(abs(found(.logarithmic) - bias) < 0.4 * bias)
  }

  @Test func `errs half as much as E4M3 in as many bits`() {
    let matrix = Tensor.gaussian(256, 1024)
    func error(_ bits: Int) -> Double {
      matrix.error(of: LogFormat(bits: bits).rounded(matrix))
    }
    #expect(abs(error(8) - 0.0141) < 0.0003)
    #expect(abs(error(10) - 0.0035) < 0.0001)
    let ragged = Tensor.test(3, 150)
    #expect(LogFormat(bits: 12).rounded(ragged).shape == [3, 150])
  }
}
