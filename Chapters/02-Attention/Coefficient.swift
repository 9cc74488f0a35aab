import Tensors

/// A number that a layer's training depends on and that a plan may change on its way.
///
/// A chapter declares its own, as `extension Coefficient { static let … }`; plans know them by name.
public struct Coefficient: Sendable, Hashable {
  /// The name that plans use.
  public let name: String
  /// What it is worth when the plan says nothing.
  public let value: Float

  /// Declares a coefficient.
  public init(_ name: String, _ value: Float) {
    self.name = name
    self.value = value
  }
}

/// What the coefficients of a plan are worth at one step.
public struct Coefficients: Sendable, Equatable {
  private var values: [String: Float] = [:]

  /// Every coefficient has its own value.
  public init() {}

  /// The values that the schedules of a plan have at a step; each gives the value itself.
  public init(_ schedules: [String: Schedule], step: Int, of total: Int) {
    self.init(schedules, step: step, share: Double(step) / Double(max(total, 1)))
  }

  /// The same at a share of the training, which may be one of tokens.
  public init(_ schedules: [String: Schedule], step: Int, share: Double) {
    values = schedules.mapValues { $0.factor(step: step, share: share) }
  }

  /// What a coefficient is worth.
  public subscript(coefficient: Coefficient) -> Float {
    get { values[coefficient.name] ?? coefficient.value }
    set { values[coefficient.name] = newValue }
  }
}
