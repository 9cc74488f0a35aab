import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

/// E4M3 by its definition, in plain arithmetic.
private func number(_ code: UInt8) -> Double {
  let sign = code & 0x80 == 0 ? 1.0 : -1.0
  let exponent = Int(code >> 3) & 15
  let fraction = Double(code & 7) / 8
  if code & 0x7F == 0x7F { return .nan }
  return exponent == 0
    ? sign * fraction * pow(2, -6) : sign * (1 + fraction) * pow(2, Double(exponent - 7))
}

private let block = WeightBlock(rows: 2, columns: 20)

/// A matrix of five rows and 47 columns, so that rows, columns and vectors all end raggedly.
private let codes = (0..<(5 * 47)).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
private let scales = Tensor((0..<9).map { Float($0 + 1) / 8 }, shape: [3, 3])

private func matrix(_ name: String = "a.weight") -> NamedTensor {
  NamedTensor(name, bytes: Data(codes), as: .f8e4m3, shape: [5, 47])
}

@Suite struct `A matrix in eight bits` {
  @Test func `has the numbers that the format defines`() throws {
    let all = Data((0...255).map { UInt8($0) })
    let one = NamedTensor("a.weight_scale_inv", Tensor([1], shape: [1, 1]))
    try withFolder { folder in
      try StoredTensors.write(
        [NamedTensor("a.weight", bytes: all, as: .f8e4m3, shape: [16, 16]), one], in: folder)
      let stored = try StoredTensors(
        in: folder, weightBlock: WeightBlock(rows: 128, columns: 128))
      let values = try stored.tensor("a.weight").scalars
      for code in UInt8.min...UInt8.max {
        let expected = Float(number(code))
        let found = values[Int(code)]
        #expect(
          found.isNaN ? expected.isNaN : found.bitPattern == expected.bitPattern, "\(code)")
      }
      #expect(values[0x7E] == 448 && values[0x01] == 0x1p-9 && values[0x80].sign == .minus)
      #expect(values.filter(\.isNaN).count == 2)
    }
  }

  @Test func `is multiplied block by block, ragged edges too`() throws {
    try withFolder { folder in
      try StoredTensors.write(
        [matrix(), NamedTensor("a.weight_scale_inv", scales)], in: folder)
      let stored = try StoredTensors(in: folder, weightBlock: block)
      try stored.require([("a.weight", [5, 47])])
      let values = try stored.tensor("a.weight", shape: [5, 47]).scalars
      for row in 0..<5 {
        for column in 0..<47 {
          let place = row * 47 + column
          let expected =
            number(codes[place]) * Double(scales.scalars[row / 2 * 3 + column / 20])
          let found = Double(values[place])
          #expect(found == expected || (found.isNaN && expected.isNaN), "\(row), \(column)")
        }
      }
    }
  }

  @Test func `finds its scales in another shard, in any format`() throws {
    try withFolder { folder in
      let more = NamedTensor("b.weight", Tensor.counting([3]), as: .bf16)
      try StoredTensors.write(
        [matrix(), more, NamedTensor("a.weight_scale_inv", scales, as: .bf16)], in: folder,
        maximumShardBytes: 240)
      let stored = try StoredTensors(in: folder, weightBlock: block)
      #expect(stored.files.count == 2)
      try stored.require([("a.weight", [5, 47]), ("b.weight", [3])])
      let first = try stored.tensor("a.weight").scalars[0]
      #expect(Double(first) == number(codes[0]) / 8)
      #expect(try stored.tensor("b.weight") == .counting([3]))
    }
  }

  @Test func `is refused without its scales, or with wrong ones`() throws {
    func refusal(
      _ tensors: [NamedTensor], _ block: WeightBlock? = block,
      _ read: (StoredTensors) throws -> Void
    ) throws -> String? {
      try withFolder { folder in
        try StoredTensors.write(tensors, in: folder)
        let stored = try StoredTensors(in: folder, weightBlock: block)
        return failure { try read(stored) }?.description
      }
    }
    let reads: [(StoredTensors) throws -> Void] = [
      { try $0.require([("a.weight", [5, 47])]) }, { _ = try $0.tensor("a.weight") },
    ]
    let wrong = NamedTensor("a.weight_scale_inv", Tensor.counting([3, 2]))
    let integers = NamedTensor(
      "a.weight_scale_inv", bytes: Data(count: 9), as: .u8, shape: [3, 3])
    for read in reads {
      #expect(
        try refusal([matrix()], block, read)
          == "model.safetensors: tensor 'a.weight_scale_inv' is missing.")
      #expect(
        try refusal([matrix(), wrong], block, read)
          == "model.safetensors: tensor 'a.weight_scale_inv' has shape [3, 2], but [3, 3] is "
          + "needed.")
      #expect(
        try refusal([matrix(), integers], block, read)
          == "model.safetensors: tensor 'a.weight_scale_inv' is stored as U8, but F32, F16 or "
          + "BF16 is needed.")
      // config.json says nothing of eight bits, or the tensor is no matrix.
      let rule =
        "model.safetensors: tensor 'a.weight' is stored as F8_E4M3, but F32, F16 or BF16 is "
        + "needed."
      #expect(
        try refusal([matrix(), NamedTensor("a.weight_scale_inv", scales)], nil, read) == rule)
    }
    let flat = NamedTensor("a.weight", bytes: Data(count: 4), as: .f8e4m3, shape: [4])
    #expect(
      try refusal([flat]) { _ = try $0.tensor("a.weight") }?.hasSuffix(
        "is stored as F8_E4M3, but F32, F16 or BF16 is needed.") == true)
    #expect(
      try refusal([NamedTensor("a.weight", .counting([2])), wrong]) {
        try $0.require([("a.weight", [2])])
      } == "model.safetensors: tensor 'a.weight_scale_inv' is unexpected: the model has no "
        + "place for it.")
  }

  @Test func `may be empty`() throws {
    try withFolder { folder in
      let none = NamedTensor("a.weight", bytes: Data(), as: .f8e4m3, shape: [0, 5])
      try StoredTensors.write(
        [none, NamedTensor("a.weight_scale_inv", Tensor(shape: [0, 1]))], in: folder)
      let stored = try StoredTensors(in: folder, weightBlock: block)
      #expect(try stored.tensor("a.weight").shape == [0, 5])
    }
  }
}

@Suite struct `The bias of a router` {
  @Test func `stays in single precision`() throws {
    let model = try #require(PublishedConfiguration.named("deepseek-v3")?.model)
    #expect(
      model.storageFormat(of: "model.layers.3.mlp.gate.e_score_correction_bias") == .f32)
    #expect(model.storageFormat(of: "model.layers.3.mlp.gate.weight") == .bf16)
  }
}
