/// How weights are stored as small integers: their bits, and how many neighbours share a scale.
///
/// In `config.json` it is `quantization_config` in the words of the library `compressed-tensors`,
/// whose form `pack-quantized` vLLM and `transformers` read.
public struct IntegerFormat: Sendable, Hashable {
  /// The bits of a code: 4 or 8.
  public let bits: Int
  /// The columns that share a scale; those at the end of a row may be fewer.
  public let group: Int
  /// Whether zero is the code 0, else each group has a zero point of its own.
  public let isSymmetric: Bool

  /// Creates a format.
  public init(bits: Int, group: Int = 32, isSymmetric: Bool = true) {
    self.bits = bits
    self.group = group
    self.isSymmetric = isSymmetric
  }

  /// The codes that there are: −8…7 or −128…127.
  public var codes: ClosedRange<Int> { -(1 << (bits - 1))...(1 << (bits - 1) - 1) }
  /// The codes in 32 bits of a file.
  public var codesPerWord: Int { 32 / bits }

  /// The groups of a row.
  public func groups(of columns: Int) -> Int { (columns + group - 1) / group }

  /// The bits that a weight takes with its share of scale and zero point.
  ///
  ///     bits + 16 / group, and bits / group more for a zero point
  public var bitsPerWeight: Double {
    Double(bits) + Double(isSymmetric ? 16 : 16 + bits) / Double(group)
  }
}

// MARK: In config.json

extension IntegerFormat {
  /// Takes the format from a configuration; nil when the weights are no integers.
  public init?(_ configuration: JSONFields) throws(CheckpointError) {
    guard let settings = try configuration.fields("quantization_config"),
      try settings.string("quant_method") == Self.method
    else { return nil }
    let form = try settings.string("format")
    guard form == Self.form else { throw settings.error("format", .unsupported("'\(form)'")) }
    guard let groups = try settings.fields("config_groups") else {
      throw settings.error("config_groups", .missing)
    }
    guard groups.object.count == 1, let only = groups.object.keys.first,
      let group = try groups.fields(only), let weights = try group.fields("weights")
    else { throw settings.error("config_groups", .unsupported("more or less than one group")) }
    let bits = try weights.integer("num_bits")
    guard bits == 4 || bits == 8 else {
      throw weights.error("num_bits", .unsupported("\(bits)"))
    }
    for (key, only) in [("type", "int"), ("strategy", "group")] {
      let found = try weights.string(key)
      guard found == only else { throw weights.error(key, .unsupported("'\(found)'")) }
    }
    self.init(
      bits: bits,
      group: try weights.integer("group_size", in: 2...DecoderConfiguration.largestSize),
      isSymmetric: try weights.bool("symmetric", default: true))
    guard group["input_activations"] == nil else {
      throw group.error("input_activations", .unsupported("rounded activations"))
    }
    guard self.group.isMultiple(of: 2) else {
      throw weights.error("group_size", .unsupported("an odd number"))
    }
  }

  /// The member `quantization_config`, given what is not rounded.
  public func json(ignoring: [String]) -> JSONValue {
    [
      "quant_method": .string(Self.method), "format": .string(Self.form),
      "quantization_status": "compressed", "ignore": .array(ignoring.map { .string($0) }),
      "config_groups": [
        "group_0": [
          "targets": ["Linear"], "input_activations": .null, "output_activations": .null,
          "weights": [
            "num_bits": .integer(bits), "type": "int", "symmetric": .bool(isSymmetric),
            "strategy": "group", "group_size": .integer(group), "dynamic": false,
            "actorder": .null, "block_structure": .null, "observer": "minmax",
          ],
        ]
      ],
    ]
  }

  static let method = "compressed-tensors"
  static let form = "pack-quantized"
}
