import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `Tensors in shards` {
  @Test func `saved by transformers are read with equal bits`() throws {
    let stored = try StoredTensors(in: fixtures.appendingPathComponent("sharded"))
    let table = try expectedTensors("sharded.json")
    #expect(stored.files.count == 3)
    try stored.require(table.map { ($0.name, $0.expected.shape) })
    for (name, expected) in table {
      #expect(try stored.tensor(name, shape: expected.shape).bits == expected.bits, "\(name)")
    }
  }

  @Test func `are cut by size and found again`() throws {
    let names = ["c", "a", "d", "b"]
    let tensors = names.enumerated().map { NamedTensor($1, .counting([$0 + 2])) }
    try withFolder { folder in
      // 8, 12, 16 and 20 bytes: two fit into 24, then each one needs a shard of its own.
      try StoredTensors.write(tensors, in: folder, maximumShardBytes: 24)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
          "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
          "model-00003-of-00003.safetensors", "model.safetensors.index.json",
        ])
      let index = try JSONFields(
        readingFrom: folder.appendingPathComponent("model.safetensors.index.json"))
      #expect(index.object["metadata"] == ["total_size": 56])
      #expect(
        index.object["weight_map"] == [
          "a": "model-00001-of-00003.safetensors", "b": "model-00003-of-00003.safetensors",
          "c": "model-00001-of-00003.safetensors", "d": "model-00002-of-00003.safetensors",
        ])
      let stored = try StoredTensors(in: folder)
      for (place, name) in names.enumerated() {
        #expect(try stored.tensor(name) == .counting([place + 2]))
      }
    }
  }

  @Test func `are one file without an index when they fit`() throws {
    try withFolder { folder in
      let tensors = [NamedTensor("step", bytes: Data([9, 8]), as: .u8, shape: [2])]
      try StoredTensors.write(tensors, in: folder, named: "optimizer")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
          == ["optimizer.safetensors"])
      let stored = try StoredTensors(in: folder, named: "optimizer")
      #expect(try stored.bytes("step", as: .u8) == Data([9, 8]))
    }
  }

  @Test func `must be exactly those of the model`() throws {
    try withFolder { folder in
      let half = NamedTensor("half", .counting([2]), as: .f16)
      let bytes = NamedTensor("bytes", bytes: Data([1]), as: .u8, shape: [1])
      try StoredTensors.write([half, bytes], in: folder)
      let stored = try StoredTensors(in: folder)
      func refusal(
        _ expected: [(name: String, shape: [Int])], allowing spare: Set<String> = []
      ) -> String? {
        failure { try stored.require(expected, allowing: spare) }?.description
      }
      #expect(refusal([("half", [2])], allowing: ["bytes"]) == nil)
      #expect(
        refusal([("half", [2])])
          == "model.safetensors: tensor 'bytes' is unexpected: the model has no place for it.")
      #expect(
        refusal([("half", [2]), ("more", [1])], allowing: ["bytes"])
          == "model.safetensors: tensor 'more' is missing.")
      #expect(
        refusal([("half", [1, 2])], allowing: ["bytes"])
          == "model.safetensors: tensor 'half' has shape [2], but [1, 2] is needed.")
      #expect(
        refusal([("half", [2]), ("bytes", [1])])
          == "model.safetensors: tensor 'bytes' is stored as U8, but F32, F16 or BF16 is needed."
      )
    }
  }

  @Test(
    arguments: [
      (#"{}"#, "key 'weight_map' is missing."),
      (#"{"weight_map":[]}"#, "key 'weight_map' must be an object, but is an array."),
      (
        #"{"weight_map":{"a":1}}"#, "key 'weight_map.a' must be a file name, but is an integer."
      ),
      (
        #"{"weight_map":{"a":"../one.safetensors"}}"#,
        "names '../one.safetensors', which is not a file in the same folder."
      ),
      (
        #"{"weight_map":{"a":".."}}"#, "names '..', which is not a file in the same folder."
      ),
    ])
  func `are refused when the index is broken`(index: String, rule: String) throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors.index.json")
      try AtomicFile.write(index, to: url)
      #expect(
        failure { _ = try StoredTensors(in: folder) }?.description
          == "model.safetensors.index.json: " + rule)
    }
  }

  @Test func `are refused when index and shards disagree`() throws {
    try withFolder { folder in
      let one = Tensor.counting([1])
      let tensors = [NamedTensor("a", one), NamedTensor("b", one)]
      try SafetensorsFile.write(tensors, to: folder.appendingPathComponent("1.safetensors"))
      try SafetensorsFile.write(
        [tensors[1]], to: folder.appendingPathComponent("2.safetensors"))
      func refusal(_ map: JSONValue) throws -> String? {
        let url = folder.appendingPathComponent("model.safetensors.index.json")
        try AtomicFile.write(["weight_map": map], to: url)
        return failure { _ = try StoredTensors(in: folder) }?.description
      }
      let first: JSONValue = "1.safetensors"
      #expect(try refusal(["a": first, "b": first]) == nil)
      #expect(
        try refusal(["a": first, "b": first, "c": first])
          == "1.safetensors: tensor 'c' is missing.")
      #expect(
        try refusal(["a": first])
          == "1.safetensors: tensor 'b' is unexpected: the model has no place for it.")
      #expect(
        try refusal(["a": first, "b": "2.safetensors"])
          == "2.safetensors: tensor 'b' appears twice.")
      #expect(
        try refusal(["a": "3.safetensors"])?.hasPrefix("3.safetensors: cannot be read") == true)
    }
  }
}
