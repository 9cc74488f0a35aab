import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `A safetensors file` {
  @Test func `of the library is read with equal bits`() throws {
    let file = try SafetensorsFile(at: fixtures.appendingPathComponent("formats.safetensors"))
    let table = try expectedTensors("formats.json")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.map(\.name).sorted() == table.map(\.name).sorted())
    for (name, expected) in table {
      let entry = try file.entry(name)
      #expect(entry.format == expected.format && entry.shape == expected.shape)
      if let bits = expected.bits {
        let tensor = try file.tensor(name, shape: expected.shape)
        #expect(tensor.shape == expected.shape)
        #expect(tensor.bits == bits, "\(name)")
      } else {
        #expect(try file.bytes(name, as: expected.format) == expected.bytes)
      }
    }
  }

  @Test func `is written with the very bytes of the library, in any order`() throws {
    let url = fixtures.appendingPathComponent("formats.safetensors")
    let original = try SafetensorsFile(at: url)
    let tensors = try original.entries.map { entry in
      entry.format.isTensorFormat
        ? NamedTensor(entry.name, try original.tensor(entry.name), as: entry.format)
        : NamedTensor(
          entry.name, bytes: try original.bytes(entry.name, as: entry.format), as: entry.format,
          shape: entry.shape)
    }
    try withFolder { folder in
      let copy = folder.appendingPathComponent("copy.safetensors")
      for order in [tensors, tensors.reversed()] {
        try SafetensorsFile.write(order, to: copy)
        #expect(try Data(contentsOf: copy) == Data(contentsOf: url))
      }
    }
  }

  @Test(arguments: [StorageFormat.f32, .f16, .bf16])
  func `keeps every element at every length`(format: StorageFormat) throws {
    // Lengths around the sixteen lanes of the loops, and two that are written in several pieces.
    let lengths = Array(0...35) + [1 << 20, 1 << 21 + 5]
    let tensors = lengths.map { NamedTensor("t\($0)", .counting([$0]), as: format) }
    try withFolder { folder in
      let url = folder.appendingPathComponent("lengths.safetensors")
      try SafetensorsFile.write(tensors, to: url)
      let file = try SafetensorsFile(at: url)
      for length in lengths {
        let tensor = try file.tensor("t\(length)", shape: [length])
        #expect(tensor == .counting([length]))
      }
    }
  }

  @Test func `is read from a slice of other bytes`() throws {
    let inner = file(#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, data: 3)
    let slice = (Data([1, 2, 3]) + inner).dropFirst(3)
    let file = try SafetensorsFile(slice, named: "slice")
    #expect(try file.bytes("a", as: .u8) == Data([7, 7, 7]))
  }

  @Test func `without tensors or metadata is a file like others`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("empty.safetensors")
      try SafetensorsFile.write([], metadata: [:], to: url)
      #expect(
        try Data(contentsOf: url) == Data([8, 0, 0, 0, 0, 0, 0, 0]) + Data("{}      ".utf8))
      #expect(try SafetensorsFile(at: url).entries.isEmpty)
    }
  }

  @Test func `refuses a request for the wrong name, shape or format`() throws {
    let url = fixtures.appendingPathComponent("formats.safetensors")
    let file = try SafetensorsFile(at: url)
    #expect(
      failure { _ = try file.tensor("nobody") }?.description
        == "formats.safetensors: tensor 'nobody' is missing.")
    #expect(
      failure { _ = try file.tensor("F16.matrix", shape: [7, 5]) }?.description
        == "formats.safetensors: tensor 'F16.matrix' has shape [5, 7], but [7, 5] is needed.")
    #expect(
      failure { _ = try file.tensor("double") }?.description
        == "formats.safetensors: tensor 'double' is stored as F64, but F32, F16 or BF16 is needed."
    )
    #expect(
      failure { _ = try file.bytes("steps", as: .u64) }?.description
        == "formats.safetensors: tensor 'steps' is stored as I64, but U64 is needed.")
  }

  @Test func `is not written when a tensor cannot be stored`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("bad.safetensors")
      let one = Tensor.counting([1])
      func refused(_ tensors: [NamedTensor]) -> String? {
        failure { try SafetensorsFile.write(tensors, to: url) }?.description
      }
      #expect(
        refused([NamedTensor("a", one), NamedTensor("a", one)])
          == "bad.safetensors: tensor 'a' appears twice.")
      #expect(
        refused([NamedTensor("a", one, as: .f64)])
          == "bad.safetensors: tensor 'a' is stored as F64, but F32, F16 or BF16 is needed.")
      #expect(
        refused([NamedTensor("a", bytes: Data([1]), as: .u8, shape: [2])])
          == "bad.safetensors: tensor 'a' has 1 bytes, but its shape and format need 2.")
      #expect(
        refused([NamedTensor("__metadata__", one)])
          == "bad.safetensors: tensor '__metadata__' has a name that is reserved for metadata.")
      #expect(
        refused([NamedTensor("a", bytes: Data(), as: .u8, shape: [.max, 2])])
          == "bad.safetensors: tensor 'a' does not take a whole number of bytes that 64 bits can count."
      )
      let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(leftovers.isEmpty)
    }
  }
}
