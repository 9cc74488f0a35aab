import Foundation
import Tensors

/// All tensors of a model folder, whether they are in one file or in many shards.
///
/// A small model is one file, `model.safetensors`. A large one is cut into shards, and
/// `model.safetensors.index.json` says which shard holds which tensor.
public struct StoredTensors: Sendable {
  /// The name of the single file or of the index, as it appears in errors.
  public let name: String
  /// The shards, or the single file.
  public let files: [SafetensorsFile]
  /// The blocks that share a scale in matrices of eight bits; `nil` when those are refused.
  public let weightBlock: WeightBlock?
  /// How the weights that are stored as integers are; `nil` when those are refused.
  public let integers: IntegerFormat?
  private let fileOfTensor: [String: Int]

  /// Opens the tensors of a folder and checks that index and shards agree.
  ///
  /// - Parameters:
  ///   - base: What the file names start with, such as `model` or `optimizer`.
  ///   - weightBlock: What `config.json` says of matrices in eight bits.
  ///   - integers: What it says of matrices of integers.
  public init(
    in folder: URL, named base: String = "model", weightBlock: WeightBlock? = nil,
    integers: IntegerFormat? = nil
  ) throws(CheckpointError) {
    let single = folder.appendingPathComponent("\(base).safetensors")
    let index = folder.appendingPathComponent("\(base).safetensors.index.json")
    let manager = FileManager.default
    if !manager.fileExists(atPath: single.path), manager.fileExists(atPath: index.path) {
      try self.init(indexedBy: index, weightBlock, integers)
    } else {
      try self.init(
        [SafetensorsFile(at: single)], named: single.lastPathComponent, weightBlock, integers)
    }
  }

  private init(
    _ files: [SafetensorsFile], named name: String, _ weightBlock: WeightBlock?,
    _ integers: IntegerFormat?
  ) throws(CheckpointError) {
    var fileOfTensor: [String: Int] = [:]
    for (index, file) in files.enumerated() {
      for entry in file.entries {
        guard fileOfTensor.updateValue(index, forKey: entry.name) == nil else {
          throw .tensor(entry.name, file: file.name, .duplicate)
        }
      }
    }
    self.name = name
    self.files = files
    self.weightBlock = weightBlock
    self.integers = integers
    self.fileOfTensor = fileOfTensor
  }

  private init(
    indexedBy url: URL, _ weightBlock: WeightBlock?, _ integers: IntegerFormat?
  ) throws(CheckpointError) {
    let index = try JSONFields(readingFrom: url)
    guard let map = try index.fields("weight_map")?.object else {
      throw index.error("weight_map", .missing)
    }
    var shardNames: Set<String> = []
    var shardOfTensor: [String: String] = [:]
    for (tensor, value) in map.members {
      guard let shard = value.string else {
        throw index.error(
          "weight_map." + tensor, .wrongType(expected: "a file name", found: value.kind))
      }
      guard isPlainFileName(shard) else { throw .file(index.file, .notAFileName(shard)) }
      shardNames.insert(shard)
      shardOfTensor[tensor] = shard
    }

    var files: [SafetensorsFile] = []
    let folder = url.deletingLastPathComponent()
    for shard in shardNames.sorted() {
      files.append(try SafetensorsFile(at: folder.appendingPathComponent(shard)))
    }
    try self.init(files, named: index.file, weightBlock, integers)
    for file in files {
      for entry in file.entries where shardOfTensor[entry.name] != file.name {
        throw .tensor(entry.name, file: file.name, .unexpected)
      }
    }
    for tensor in map.keys where fileOfTensor[tensor] == nil {
      throw .tensor(tensor, file: shardOfTensor[tensor] ?? name, .missing)
    }
  }

  /// The tensors in the order of the files and of the bytes in them.
  public var entries: [SafetensorsFile.Entry] { files.flatMap(\.entries) }

  /// Says whether a tensor is stored.
  public func contains(_ tensor: String) -> Bool { fileOfTensor[tensor] != nil }

  /// Decodes a tensor that is stored as F32, F16 or BF16, in eight bits with scales, or as integers.
  ///
  /// The scales of `x.weight` are `x.weight_scale_inv`, in whatever shard; integers are
  /// `x.weight_packed` and what belongs to it.
  public func tensor(
    _ tensor: String, shape: [Int]? = nil
  ) throws(CheckpointError) -> Tensor {
    if let shape, let codes = try integerCodes(tensor, shape: shape) { return codes.tensor }
    let file = try file(of: tensor)
    guard let block = weightBlock, let needed = try scaleShape(of: tensor) else {
      return try file.tensor(tensor, shape: shape)
    }
    let scale = tensor + Self.scaleSuffix
    let scales = try self.file(of: scale).tensor(scale, shape: needed)
    return try file.tensor(tensor, shape: shape, block: block, scales: scales)
  }

  /// Copies the stored bytes of a tensor, whose format must be the one given.
  public func bytes(
    _ tensor: String, as format: StorageFormat, shape: [Int]? = nil
  ) throws(CheckpointError) -> Data {
    try file(of: tensor).bytes(tensor, as: format, shape: shape)
  }

  /// Checks that exactly these tensors are stored, before a single one is decoded.
  ///
  /// - Parameter spare: Names that may be stored without being asked for, such as an `lm_head`
  ///   that repeats a tied embedding.
  public func require(
    _ expected: [(name: String, shape: [Int])], allowing spare: Set<String> = []
  ) throws(CheckpointError) {
    var known = spare.union(spare.map { $0 + Self.scaleSuffix })
    for (tensor, shape) in expected {
      if let parts = integerParts(of: tensor, shape: shape) {
        for name in parts { _ = try file(of: name) }
        known.formUnion(parts)
        continue
      }
      let file = try file(of: tensor)
      let entry = try file.entry(tensor)
      try entry.requireShape(shape, file: file.name)
      known.insert(tensor)
      guard let needed = try scaleShape(of: tensor) else {
        try entry.requireTensorFormat(file: file.name)
        continue
      }
      let scale = tensor + Self.scaleSuffix
      let scaleFile = try self.file(of: scale)
      let scaleEntry = try scaleFile.entry(scale)
      try scaleEntry.requireShape(needed, file: scaleFile.name)
      try scaleEntry.requireTensorFormat(file: scaleFile.name)
      known.insert(scale)
    }
    for file in files {
      for entry in file.entries where !known.contains(entry.name) {
        throw .tensor(entry.name, file: file.name, .unexpected)
      }
    }
  }

  /// The weights that are stored, those in packed integers counted one by one.
  public var weightCount: Int {
    entries.reduce(0) { sum, entry in
      let isPacked = entry.name.hasSuffix(IntegerCodes.Part.packed.rawValue)
      return sum + entry.shape.reduce(1, *) * (isPacked ? integers?.codesPerWord ?? 1 : 1)
    }
  }

  static let scaleSuffix = "_scale_inv"

  /// The shape that a tensor's scales must have, or `nil` for a tensor that needs none.
  private func scaleShape(of tensor: String) throws(CheckpointError) -> [Int]? {
    let entry = try file(of: tensor).entry(tensor)
    guard entry.format == .f8e4m3, let weightBlock else { return nil }
    return weightBlock.scaleShape(of: entry.shape)
  }

  private func file(of tensor: String) throws(CheckpointError) -> SafetensorsFile {
    guard let index = fileOfTensor[tensor] else { throw .tensor(tensor, file: name, .missing) }
    return files[index]
  }
}

// MARK: Integers

extension StoredTensors {
  /// The codes of a matrix that is stored as integers; nil when it is stored in another way.
  public func integerCodes(
    _ tensor: String, shape: [Int]
  ) throws(CheckpointError) -> IntegerCodes? {
    guard let integers, integerParts(of: tensor, shape: shape) != nil else { return nil }
    let shapeName = IntegerCodes.Part.shape.name(of: tensor)
    guard try bytes(shapeName, as: .i64, shape: [2]) == IntegerCodes.shapeBytes(shape) else {
      throw .tensor(shapeName, file: name, .malformedEntry("the model needs \(shape)"))
    }
    return try IntegerCodes(
      tensor, shape: shape, integers,
      bytes: { part, shape throws(CheckpointError) in
        try bytes(part.name(of: tensor), as: .i32, shape: shape)
      },
      scales: { name, shape throws(CheckpointError) in try self.tensor(name, shape: shape) })
  }

  /// The names of what stores a matrix as integers; nil for one that is stored in another way.
  private func integerParts(of tensor: String, shape: [Int]) -> [String]? {
    guard let integers, shape.count == 2, tensor.hasSuffix("weight"), !contains(tensor),
      contains(IntegerCodes.Part.packed.name(of: tensor))
    else { return nil }
    return IntegerCodes.Part.allCases.filter { $0 != .zero || !integers.isSymmetric }
      .map { $0.name(of: tensor) }
  }
}

/// Says whether a name from a file stays within the folder that it is used in.
func isPlainFileName(_ name: String) -> Bool {
  !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
}
