/// A card, as far as training and serving a large model depends on it.
///
/// Peaks are those of dense products. Speeds of links are in one direction.
public struct Accelerator: Sendable, Equatable {
  /// The word that chooses it.
  public let name: String
  /// The peak of products in sixteen bits, in FLOP/s.
  public let brainPeak: Double
  /// The peak of products in eight bits, in FLOP/s; that of sixteen bits where there are none.
  public let eightBitPeak: Double
  /// The memory, in bytes.
  public let memory: Double
  /// How fast the memory is read, in bytes a second.
  public let memorySpeed: Double
  /// To the other cards of its node, in bytes a second, as the vendor rates it.
  public let insideSpeed: Double
  /// To cards of other nodes, in bytes a second.
  public let betweenSpeed: Double

  /// Describes a card; with eight of them and eight network cards of 400 Gbit/s in a node, 50 GB/s
  /// lead from each to other nodes.
  public init(
    name: String, brainPeak: Double, eightBitPeak: Double, memory: Double, memorySpeed: Double,
    insideSpeed: Double, betweenSpeed: Double = 50e9
  ) {
    (self.name, self.brainPeak, self.eightBitPeak) = (name, brainPeak, eightBitPeak)
    (self.memory, self.memorySpeed) = (memory, memorySpeed)
    (self.insideSpeed, self.betweenSpeed) = (insideSpeed, betweenSpeed)
  }

  /// The cards whose data sheets are at hand; V3 was trained on the H800.
  ///
  /// Hardware paper §4.1 for the H800's links; the vendor's data sheets for the others.
  public static let all = [h800, h100, h200, a100, b200]

  /// H100 with less than half of its links: 400 GB/s in both directions together.
  public static let h800 = Accelerator(
    name: "h800", brainPeak: 989.4e12, eightBitPeak: 1978.9e12, memory: 80e9,
    memorySpeed: 3.35e12, insideSpeed: 200e9)

  /// The card that could not be exported.
  public static let h100 = Accelerator(
    name: "h100", brainPeak: 989.4e12, eightBitPeak: 1978.9e12, memory: 80e9,
    memorySpeed: 3.35e12, insideSpeed: 450e9)

  /// H100 with more and faster memory.
  public static let h200 = Accelerator(
    name: "h200", brainPeak: 989.4e12, eightBitPeak: 1978.9e12, memory: 141e9,
    memorySpeed: 4.8e12, insideSpeed: 450e9)

  /// The generation before, which has no products in eight bits and half of the network.
  public static let a100 = Accelerator(
    name: "a100", brainPeak: 312e12, eightBitPeak: 312e12, memory: 80e9, memorySpeed: 2.039e12,
    insideSpeed: 300e9, betweenSpeed: 25e9)

  /// The generation after.
  public static let b200 = Accelerator(
    name: "b200", brainPeak: 2250e12, eightBitPeak: 4500e12, memory: 180e9, memorySpeed: 8e12,
    insideSpeed: 900e9)

  /// The card of a name.
  public static func named(_ name: String) -> Accelerator? { all.first { $0.name == name } }

  /// The operations for which there is time while a byte comes from memory, in sixteen bits.
  public var balance: Double { brainPeak / memorySpeed }
}
