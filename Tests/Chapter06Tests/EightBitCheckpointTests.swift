import Checkpoints
import FP8
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `A matrix that is stored in eight bits` {
  @Test(arguments: [(5, 131), (130, 47), (256, 128), (1, 300)])
  func `is read back as the definition has it`(_ rows: Int, _ columns: Int) throws {
    var generator = SplitMix64(seed: 11)
    let matrix = Tensor.normal(shape: [rows, columns], using: &generator)
    let block = WeightBlock(rows: 128, columns: 128)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try StoredTensors.write(
      NamedTensor.eightBit("a.weight", matrix, block: block), in: folder)
    let stored = try StoredTensors(in: folder, weightBlock: block)
    let expected = BlockScaled(matrix, by: .block)
    #expect(try stored.tensor("a.weight_scale_inv").bits == expected.scales.bits)
    let isEqual = try stored.bytes("a.weight", as: .f8e4m3) == Data(expected.codes.bytes)
    #expect(isEqual)
    #expect(try stored.tensor("a.weight").bits == expected.tensor.bits)
  }
}
