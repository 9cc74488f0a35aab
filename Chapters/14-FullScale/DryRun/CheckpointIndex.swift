import Checkpoints
import Foundation

/// What is wrong with a checkpoint's index, in one sentence each.
public enum IndexFault: Error, Equatable, CustomStringConvertible {
  /// The text is not an object with `metadata` and `weight_map`.
  case malformed(String)
  /// A tensor of the model is not in it.
  case missing(String)
  /// It has a tensor that the model has no place for.
  case unexpected(String)
  /// A file's name is not that of a shard, or counts wrongly.
  case shardName(String)
  /// A file that the others' numbers promise holds nothing.
  case emptyShard(Int)
  /// The total is not the sum of the bytes of the model's tensors.
  case total(found: Int, expected: Int)

  /// One sentence that names the place and the rule.
  public var description: String {
    switch self {
    case .malformed(let reason): "The index is malformed: \(reason)."
    case .missing(let name): "The index lacks the tensor \(name)."
    case .unexpected(let name): "The index names \(name), for which the model has no place."
    case .shardName(let name):
      "The index names the file '\(name)'; files are called model-NNNNN-of-NNNNNN.safetensors, "
        + "with one total and numbers up to it."
    case .emptyShard(let number): "The index puts nothing into file \(number)."
    case .total(let found, let expected):
      "The index counts \(found) bytes, but the model's tensors take \(expected)."
    }
  }
}

/// The index of a checkpoint in many files, read without the files.
public struct CheckpointIndex: Sendable {
  /// The file of each tensor.
  public let files: [String: String]
  /// The bytes of all elements, if it says so.
  public let total: Int?

  /// Reads the text of an index.
  public init(_ text: Data) throws(IndexFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: [UInt8](text)) } catch {
      throw .malformed("\(error)")
    }
    guard let object = value.object, let map = object["weight_map"]?.object else {
      throw .malformed("weight_map must be an object")
    }
    var files: [String: String] = [:]
    for (name, value) in map.members {
      guard let file = value.string else { throw .malformed("\(name) must have a file name") }
      files[name] = file
    }
    self.files = files
    total = object["metadata"]?.object?["total_size"]?.integer
  }

  /// What does not fit to a model: tensors, names and numbers of files, the total.
  public func faults(
    for model: DecoderConfiguration
  ) -> [IndexFault] {
    let planned = model.plannedTensors ?? []
    let names = Set(planned.map(\.name))
    var faults = planned.filter { files[$0.name] == nil }.map { IndexFault.missing($0.name) }
    faults += files.keys.filter { !names.contains($0) }.sorted().map { .unexpected($0) }
    let shards = Set(files.values).sorted()
    let numbers = shards.map(Self.number)
    let totals = Set(numbers.compactMap { $0?.of })
    for (shard, number) in zip(shards, numbers) {
      guard let number, totals.count == 1, (1...number.of).contains(number.index) else {
        faults.append(.shardName(shard))
        continue
      }
    }
    if let count = totals.first, totals.count == 1 {
      let used = Set(numbers.compactMap { $0?.index })
      faults += (1...count).filter { !used.contains($0) }.map { .emptyShard($0) }
    }
    let expected = planned.reduce(0) { $0 + $1.bytes }
    if let total, total != expected { faults.append(.total(found: total, expected: expected)) }
    return faults
  }

  /// The two numbers in `model-00001-of-000163.safetensors`.
  private static func number(_ file: String) -> (index: Int, of: Int)? {
    guard file.hasPrefix("model-"), file.hasSuffix(".safetensors") else { return nil }
    let parts = file.dropFirst("model-".count).dropLast(".safetensors".count)
      .components(separatedBy: "-of-")
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count > 0
    else { return nil }
    return (index, count)
  }
}
