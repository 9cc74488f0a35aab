import Checkpoints
import Foundation

/// A checkpoint whose files have their full size and hold nothing but headers.
///
/// A file system that knows holes gives a file the size that it is told and stores what was written.
/// Every reader sees zeros: the real list, the real offsets and 689 GB, in a few megabytes.
public struct HollowCheckpoint: Sendable {
  /// The folder.
  public let folder: URL
  /// What the files claim to hold, headers included.
  public let claimedBytes: Int

  /// Whether a folder's file system stores holes as nothing.
  public static func canBeMade(in folder: URL) -> Bool {
    let probe = folder.appending(path: ".hole")
    defer { try? FileManager.default.removeItem(at: probe) }
    guard (try? makeFile(probe, header: Data(), bytes: 1 << 26)) != nil else { return false }
    return storedBytes(of: probe) < 1 << 20
  }

  /// Writes configuration, index and files into a folder that exists.
  public init(
    _ model: DecoderConfiguration, _ plan: ShardPlan, in folder: URL
  ) throws {
    self.folder = folder
    var claimed = 0
    for (index, shard) in plan.shards.enumerated() {
      let header = Self.header(of: shard)
      let bytes = shard.reduce(header.count) { $0 + $1.bytes }
      try Self.makeFile(folder.appending(path: plan.name(index)), header: header, bytes: bytes)
      claimed += bytes
    }
    claimedBytes = claimed
    try AtomicFile.write(
      plan.index, to: folder.appending(path: "model.safetensors.index.json"))
    try AtomicFile.write(.object(model.json), to: folder.appending(path: "config.json"))
  }

  /// The bytes that the files take on the disk.
  public var storedBytes: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.reduce(0) { $0 + Self.storedBytes(of: folder.appending(path: $1)) }
  }

  /// The blocks of 512 bytes that a file has, in bytes.
  private static func storedBytes(of file: URL) -> Int {
    var status = stat()
    return stat(file.path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
  }

  /// Length and names, formats, shapes and places of a file's tensors.
  private static func header(of tensors: [PlannedTensor]) -> Data {
    var object = JSONObject()
    var offset = 0
    for tensor in tensors {
      object[tensor.name] = [
        "dtype": .string(tensor.format.rawValue),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(offset), .integer(offset + tensor.bytes)],
      ]
      offset += tensor.bytes
    }
    var text = Data(JSONValue.object(object).text(isIndented: false).utf8)
    text.append(Data(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
    let length = UInt64(text.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }) + text
  }

  private static func makeFile(_ file: URL, header: Data, bytes: Int) throws {
    try header.write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.truncate(atOffset: UInt64(bytes))
  }
}
