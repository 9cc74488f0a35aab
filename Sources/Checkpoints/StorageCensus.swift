/// What the tensors of a checkpoint take on disk when they are stored as released.
///
/// With a `weightBlock` that is V3's way: the matrices of attention, feed-forward layers and
/// experts in eight bits, each block with a scale in single precision. All else is in the
/// configuration's format, except for the routers' biases, which stay in single precision.
public struct StorageCensus: Equatable, Sendable {
  /// The elements in eight bits.
  public var eightBit = 0
  /// The elements in the configuration's format.
  public var weights = 0
  /// The elements in single precision beside those of `weights`: biases of routers, and scales.
  public var single = 0
  /// The scales among them.
  public var scales = 0
  /// The number of tensors.
  public var tensors = 0
  /// The bytes of all elements.
  public var bytes = 0

  /// All elements.
  public var elements: Int { eightBit + weights + single }

  /// Counts the tensors of a configuration, or gives `nil` when 64 bits cannot.
  public init?(_ configuration: DecoderConfiguration) {
    guard let census = ModelCensus(configuration) else { return nil }
    for group in census.groups {
      let elements = group.size * group.count
      tensors += group.count
      if group.isSingle {
        single += elements
      } else if group.isQuantized, let block = configuration.weightBlock {
        guard let shape = block.scaleShape(of: group.shape) else { return nil }
        eightBit += elements
        scales += shape.reduce(1, *) * group.count
        tensors += group.count
      } else {
        weights += elements
      }
    }
    single += scales
    let width = configuration.weightFormat.bits / 8
    guard let bytes = sum(eightBit, product(width, weights), product(4, single)) else {
      return nil
    }
    self.bytes = bytes
  }
}

extension WeightBlock {
  /// The shape of the scales of a matrix, one for each block, the last of which may be ragged.
  ///
  ///     [⌈rows / block rows⌉, ⌈columns / block columns⌉]
  public func scaleShape(of shape: [Int]) -> [Int]? {
    guard shape.count == 2, rows > 0, columns > 0 else { return nil }
    func blocks(_ size: Int, _ block: Int) -> Int { size / block + (size % block > 0 ? 1 : 0) }
    return [blocks(shape[0], rows), blocks(shape[1], columns)]
  }
}
