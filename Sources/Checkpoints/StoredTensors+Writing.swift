import Foundation

extension StoredTensors {
  /// Writes tensors into a folder, cut into shards of at most the given size.
  ///
  /// Shards are filled in the order of the tensors; one that is larger than a whole shard gets a
  /// shard of its own. If a single file suffices, there is neither shard nor index.
  ///
  /// - Parameter maximumShardBytes: The most bytes of elements in one file.
  public static func write(
    _ tensors: [NamedTensor], in folder: URL, named base: String = "model",
    maximumShardBytes: Int = 5_000_000_000
  ) throws(CheckpointError) {
    let single = "\(base).safetensors"
    let (shards, totalBytes) = try cut(tensors, into: maximumShardBytes, file: single)
    guard shards.count > 1 else {
      return try SafetensorsFile.write(tensors, to: folder.appendingPathComponent(single))
    }
    var map = JSONObject()
    for (index, shard) in shards.enumerated() {
      let name = "\(base)-\(fiveDigits(index + 1))-of-\(fiveDigits(shards.count)).safetensors"
      for tensor in shard {
        guard map.appendIfNew(.string(name), forKey: tensor.name) else {
          throw .tensor(tensor.name, file: name, .duplicate)
        }
      }
      try SafetensorsFile.write(shard, to: folder.appendingPathComponent(name))
    }
    let index: JSONValue = [
      "metadata": ["total_size": .integer(totalBytes)], "weight_map": .object(map),
    ]
    try AtomicFile.write(index, to: folder.appendingPathComponent(single + ".index.json"))
  }

  private static func cut(
    _ tensors: [NamedTensor], into maximum: Int, file: String
  ) throws(CheckpointError) -> (shards: [[NamedTensor]], totalBytes: Int) {
    var shards: [[NamedTensor]] = []
    var open: [NamedTensor] = []
    var openBytes = 0
    var totalBytes = 0
    for tensor in tensors {
      let size = try tensor.checkedByteCount(file: file)
      if !open.isEmpty, openBytes + size > maximum {
        shards.append(open)
        open = []
        openBytes = 0
      }
      open.append(tensor)
      openBytes += size
      totalBytes += size
    }
    return (shards + [open], totalBytes)
  }

  private static func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
