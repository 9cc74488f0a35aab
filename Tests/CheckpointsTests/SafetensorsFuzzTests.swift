import Checkpoints
import Foundation
import Tensors
import Testing

/// Changes a file in one of the ways in which files break or are broken.
private struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next number below a bound, by a multiplicative generator of full period.
  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  private static let numbers = [
    "0", "1", "-1", "3", "7", "8", "2147483648", "4294967296", "9223372036854775807",
    "9223372036854775808", "18446744073709551615", "1e400", "1.5", "null", "[]", "{}",
    "\"F32\"",
  ]

  mutating func mutated(_ original: Data) -> Data {
    var bytes = [UInt8](original)
    for _ in 0...next(3) { mutate(&bytes) }
    return Data(bytes)
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let header = min(bytes.count, 700)
    switch next(7) {
    case 0: bytes[next(bytes.count)] ^= 1 << UInt8(next(8))
    case 1: bytes[next(header)] = UInt8(next(256))
    case 2: bytes.removeLast(next(bytes.count))
    case 3:
      // The length of the header.
      for place in 0..<min(8, bytes.count) where next(3) == 0 {
        bytes[place] = UInt8(next(256))
      }
    case 4: replaceNumber(in: &bytes)
    case 5:
      // A piece of the file copied over another.
      let length = next(min(40, bytes.count)) + 1
      let source = next(bytes.count - length + 1)
      let target = next(bytes.count - length + 1)
      bytes.replaceSubrange(target..<(target + length), with: bytes[source..<(source + length)])
    default: bytes.append(contentsOf: repeatElement(0, count: next(64)))
    }
  }

  /// Puts an awkward number in the place of one in the header, and mends the header's length, so
  /// that the mutation gets past the first checks.
  private mutating func replaceNumber(in bytes: inout [UInt8]) {
    guard bytes.count > 16 else { return }
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    var start = 8 + next(min(bytes.count, 700) - 8)
    while start < bytes.count, !isDigit(bytes[start]) { start += 1 }
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    let number = Array(Self.numbers[next(Self.numbers.count)].utf8)
    bytes.replaceSubrange(start..<end, with: number)
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let mended = length &+ UInt64(bitPattern: Int64(number.count - (end - start)))
    for place in 0..<8 {
      bytes[place] = UInt8(truncatingIfNeeded: mended >> UInt64(8 * place))
    }
  }
}

@Suite struct `Ten thousand broken files` {
  @Test func `neither trap nor allocate more than the file holds`() throws {
    let url = fixtures.appendingPathComponent("formats.safetensors")
    let original = try Data(contentsOf: url)
    var mutator = Mutator(seed: 42)
    var refused = 0
    var decoded = 0
    for _ in 0..<10_000 {
      let contents = mutator.mutated(original)
      do {
        let file = try SafetensorsFile(contents, named: "broken")
        // The law: what is about to be decoded is in the file, each byte at most once.
        let stored = file.entries.map(\.byteCount)
        try #require(stored.allSatisfy { $0 >= 0 })
        try #require(stored.reduce(0, +) <= contents.count)
        for entry in file.entries {
          let count = entry.shape.reduce(1, *)
          try #require(count * entry.format.bits == entry.byteCount * 8)
          if entry.format.isTensorFormat {
            let tensor = try file.tensor(entry.name)
            try #require(tensor.count == count)
            decoded += 1
          }
        }
      } catch let error as CheckpointError {
        try #require(error.description.hasPrefix("broken: "))
        refused += 1
      }
    }
    // Most mutations hit the header and must be noticed; some change only elements.
    #expect(refused > 6000)
    #expect(decoded > 1000)
  }

  @Test(
    arguments: [
      "llama-4.json", "deepseek-v3-4.json", "deepseek-v3-5.json", "deepseek-v2-4.json",
      "deepseek-v2-lite-5.json", "deepseek-moe-16b-4.json",
    ])
  func `are refused as configurations with typed errors too`(name: String) throws {
    let original = try Data(contentsOf: fixtures.appendingPathComponent(name))
    var mutator = Mutator(seed: 43)
    var refused = 0
    for _ in 0..<2_000 {
      // Eight bytes in front stand for the length that the mutator mends.
      let bytes = [UInt8](mutator.mutated(Data(count: 8) + original).dropFirst(8))
      do {
        guard let object = try JSONValue(parsing: bytes).object else { continue }
        let found = try DecoderConfiguration(JSONFields(object, file: "config.json"))
        // What was accepted can be counted, and comes back from what is written.
        _ = StorageCensus(found)
        _ = found.trainingFLOPs(context: found.maximumPositions, predicting: true)
        try #require(found.cacheWidth > 0 && found.trainedPositions > 0)
        let written = try DecoderConfiguration(JSONFields(found.json, file: "config.json"))
        try #require(written == found)
      } catch {
        try #require(error is JSONError || error is CheckpointError)
        refused += 1
      }
    }
    #expect(refused > 1000)
  }
}
