import Checkpoints

/// Which file of a checkpoint holds which tensors.
public struct ShardPlan: Sendable, Equatable {
  /// The tensors of each file, in order.
  public let shards: [[PlannedTensor]]

  /// Fills files one after the other, each as far as a limit allows; at least one tensor in each.
  public init(_ tensors: [PlannedTensor], maximumBytes: Int = 4_300_000_000) {
    var shards: [[PlannedTensor]] = [[]]
    var room = maximumBytes
    for tensor in tensors {
      if tensor.bytes > room, shards[shards.count - 1].isEmpty == false {
        shards.append([])
        room = maximumBytes
      }
      shards[shards.count - 1].append(tensor)
      room -= tensor.bytes
    }
    self.shards = shards
  }

  /// The name of a file, counted from zero: `model-00001-of-000163.safetensors`, as V3's are called.
  public func name(_ index: Int) -> String {
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "model-\(digits(index + 1, 5))-of-\(digits(shards.count, 6)).safetensors"
  }

  /// The bytes of all elements.
  public var totalBytes: Int { shards.joined().reduce(0) { $0 + $1.bytes } }

  /// `model.safetensors.index.json`.
  public var index: JSONValue {
    var map = JSONObject()
    for (index, shard) in shards.enumerated() {
      let file = JSONValue.string(name(index))
      for tensor in shard { map[tensor.name] = file }
    }
    return [
      "metadata": ["total_size": .integer(totalBytes)], "weight_map": .object(map),
    ]
  }
}
