import Tensors
import TestSupport
import Testing

@Suite struct `A tensor` {
  @Test func `is a value: changing a copy leaves the original alone`() {
    let original = Tensor([1, 2, 3, 4], shape: [2, 2])
    var copy = original
    copy[1, 0] = 7
    #expect(original.scalars == [1, 2, 3, 4])
    #expect(copy.scalars == [1, 2, 7, 4])
    var reshaped = original.reshaped(to: [4])
    reshaped[0] = 9
    #expect(original[0, 0] == 1)
  }

  @Test func `is changed in place when nobody shares it`() {
    var tensor = Tensor([1, 2, 3], shape: [3])
    let before = tensor.withScalars { $0.baseAddress }
    tensor[0] = 5
    tensor.scale(by: 2)
    #expect(tensor.withScalars { $0.baseAddress } == before)
    #expect(tensor.scalars == [10, 4, 6])
    let shared = tensor
    tensor[0] = 1
    #expect(tensor.withScalars { $0.baseAddress } != before)
    #expect(shared.scalars == [10, 4, 6])
  }

  @Test func `lays its entries row by row`() {
    let tensor = Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])
    #expect(tensor[1, 2] == 5)
    #expect(tensor[0, 2] == 2)
    #expect((tensor.rows, tensor.columns, tensor.count) == (2, 3, 6))
    #expect(tensor.reshaped(to: [3, 2])[2, 0] == 4)
    #expect(Tensor(7).scalar == 7)
    #expect((Tensor(7).rows, Tensor(7).columns) == (1, 1))
  }

  @Test func `equals another of the same shape and entries, as numbers compare`() {
    #expect(Tensor([1, 2], shape: [2]) == Tensor([1, 2], shape: [2]))
    #expect(Tensor([1, 2], shape: [2]) != Tensor([1, 2], shape: [1, 2]))
    #expect(Tensor([1, 2], shape: [2]) != Tensor([1, 3], shape: [2]))
    #expect(Tensor([0], shape: [1]) == Tensor([-0.0], shape: [1]))
    let unknown = Tensor([.nan], shape: [1])
    #expect(unknown != unknown, "NaN equals nothing, not even itself")
  }

  @Test func `describes itself by its shape and first entries`() {
    #expect(Tensor([1, -2.5], shape: [1, 2]).description == "Tensor[1, 2] [1.0, -2.5]")
    #expect(
      Tensor(repeating: 0, shape: [9]).description
        == "Tensor[9] [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, …]")
    #expect(Tensor(3).description == "Tensor[] [3.0]")
    #expect(Tensor(shape: [0, 2]).description == "Tensor[0, 2] []")
  }

  @Test func `may be empty`() {
    let empty = Tensor(shape: [0, 3])
    #expect(empty.scalars == [])
    #expect((empty.rows, empty.count) == (0, 0))
    #expect((empty + Tensor.test(3)).shape == [0, 3])
    #expect(empty.summed(to: [3]).scalars == [0, 0, 0])
    #expect(empty.gathered(at: []).shape == [0, 3])
  }

  /// In a process of its own, where no other test takes memory.
  @Test func `takes the memory of one that is gone`() async {
    await #expect(processExitsWith: .success) {
      func fill() { withExtendedLifetime(Tensor(repeating: 1, shape: [100_000])) {} }
      fill()
      let held = TensorMemory.heldBytes
      insist(held >= 400_000 && held <= 450_000, "one tensor of 400 kB holds \(held) bytes")
      insist(TensorMemory.idleBytes == held, "the tensor is gone, its memory is not idle")
      for _ in 0..<10 { fill() }
      insist(TensorMemory.heldBytes == held, "ten more took \(TensorMemory.heldBytes - held)")
      TensorMemory.drain()
      insist(TensorMemory.heldBytes == 0, "\(TensorMemory.heldBytes) bytes left after draining")
    }
  }

  /// Blocks of all sorts: of the system's allocator, of a slab and with pages of their own.
  @Test func `keeps the numbers that are in use when idle memory goes back`() async {
    await #expect(processExitsWith: .success) {
      let counts = [100, 20_000, 100_000, 100_001, 3_000_000]
      func filled(_ value: Float) -> [Tensor] {
        counts.map { Tensor(repeating: value, shape: [$0]) }
      }
      let kept = filled(1)
      let held = TensorMemory.heldBytes
      for round in 2..<5 {
        withExtendedLifetime(filled(Float(round))) {}
        TensorMemory.drain()
        insist(TensorMemory.heldBytes == held, "round \(round): idle memory is still held")
        let others = filled(-1)
        for (tensor, other) in zip(kept, others) {
          insist(tensor.scalars.allSatisfy { $0 == 1 }, "round \(round): overwritten")
          insist(other.scalars.allSatisfy { $0 == -1 }, "round \(round): others overwritten")
        }
      }
    }
  }

  @Test func `keeps memory of every size apart`() async {
    await #expect(processExitsWith: .success) {
      let counts = Array(0...700) + (10...18).flatMap { [1 << $0 - 1, 1 << $0, 1 << $0 + 1] }
      var held: Int?
      for round in 0..<3 {
        let tensors = counts.map { Tensor(repeating: Float($0 + round), shape: [$0]) }
        for (tensor, count) in zip(tensors, counts) {
          insist(
            tensor.scalars.allSatisfy { $0 == Float(count + round) }, "\(count) overwritten")
        }
        insist(
          TensorMemory.heldBytes == held ?? TensorMemory.heldBytes, "took more than before")
        held = TensorMemory.heldBytes
      }
      insist(TensorMemory.idleBytes == held, "some memory is not idle")
      TensorMemory.drain()
      insist(TensorMemory.heldBytes == 0, "\(TensorMemory.heldBytes) bytes left after draining")
    }
  }
}

@Suite struct `A mistaken shape` {
  @Test func `stops a product with both shapes`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 3]).matmul(Tensor(shape: [4, 5]))
    }
    expectSaid(
      result, "matmul: [2, 3] × [4, 5] transposing none; the inner sizes 3 and 4 must agree")
  }

  @Test func `stops an initializer`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor([1, 2, 3], shape: [2, 2])
    }
    expectSaid(result, "Tensor: 3 scalars cannot fill the shape [2, 2]")
  }

  @Test func `stops a reshaping`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 3]).reshaped(to: [4, 2])
    }
    expectSaid(result, "reshaped: [2, 3] has 6 entries, [4, 2] has 8")
  }

  @Test func `stops a subscript`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 2])[1, 2]
    }
    expectSaid(result, "subscript: [1, 2] is not a place in the shape [2, 2]")
  }

  @Test func `stops a sum of shapes that do not stretch`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 3]) + Tensor(shape: [2])
    }
    expectSaid(result, "add: [2, 3] and [2]; from the last axis on, sizes must agree or be 1")
  }

  @Test func `stops a look-up beyond the last row`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor(shape: [2, 3]).gathered(at: [0, 2])
    }
    expectSaid(result, "gathered: index 2 is not below 2, as the shape [2, 3] needs")
  }
}
