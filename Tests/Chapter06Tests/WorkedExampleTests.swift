import FP8
import Tensors
import Testing

@Suite struct `The pencil of chapter 6` {
  @Test func `converts eight numbers`() {
    let worked: [(x: Double, code: UInt16, value: Double)] = [
      (.pi, 0b0_1000_101, 3.25), (0.99, 0b0_0111_000, 1), (1.0625, 0b0_0111_000, 1),
      (1.1875, 0b0_0111_010, 1.25), (0.003, 0b0_0000_010, 0x1p-8), (0x1p-10, 0, 0),
      (464, 0b0_1111_110, 448), (470, 0b0_1111_110, 448),
    ]
    for (x, code, value) in worked {
      #expect(FloatFormat.e4m3.code(of: x) == code, "\(x)")
      #expect(FloatFormat.e4m3.value(of: code) == value)
      #expect(FloatFormat.e4m3.rounded(-x) == -value)
    }
    #expect(FloatFormat.e4m3.rounded(470, .special).isNaN)
  }

  // snippet.four-numbers
  @Test func `gives four numbers one scale`() {
    let x: [Float] = [6, -3, 0.9, 0.02]
    let single = BlockScaled(Tensor(x, shape: [1, 4]), by: .tile)
    #expect(single.scales.scalars == [6 / 448])
    #expect(single.tensor == Tensor([448, -224, 64, 1.5], shape: [1, 4]) * (6 / 448))
    let power = BlockScaled(Tensor(x, shape: [1, 4]), by: .tile, scales: .powerOfTwo)
    #expect(power.scales.scalars == [0x1p-6])
    #expect(power.tensor.scalars == [6, -3, 0.875, 0.01953125])
    // A thousand times smaller: the same codes with a scale; without one two numbers are gone.
    let small = x.map { $0 / 1000 }
    #expect(BlockScaled(Tensor(small, shape: [1, 4]), by: .tile).codes == single.codes)
    #expect(small.map { FloatFormat.e4m3.rounded(Double($0)) } == [0x1.8p-8, -0x1p-8, 0, 0])
  }
  // snippet.end
}
