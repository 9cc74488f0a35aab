import Tensors
import TestSupport
import Testing

@Suite struct `The product of a matrix with its own transpose` {
  @Test(arguments: [[4, 7], [24, 24], [31, 300], [97, 33], [5, 600], [130, 48]])
  func `has the bits of an ordinary product`(shape: [Int]) {
    var generator = SplitMix64(seed: 11)
    let x = Tensor.normal(shape: shape, using: &generator)
    #expect(x.square(transposing: .right) == x.matmul(x, transposing: .right))
    #expect(x.square(transposing: .left) == x.matmul(x, transposing: .left))
  }

  @Test func `is one number for a row`() {
    let row = Tensor([3, 4], shape: [1, 2])
    #expect(row.square(transposing: .right) == Tensor([25], shape: [1, 1]))
    #expect(row.square(transposing: .left) == Tensor([9, 12, 12, 16], shape: [2, 2]))
  }

  @Test func `of no columns is zero`() {
    #expect(Tensor(shape: [2, 0]).square(transposing: .right) == Tensor(shape: [2, 2]))
  }
}
