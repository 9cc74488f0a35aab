/// The five models of DeepSeek-R1's making, each made by one stage.
///
/// Paper: DeepSeek-R1 (Nature), Fig. 2 and Table 3.
public enum Stage: String, Codable, Sendable, CaseIterable {
  /// Reinforcement with rule rewards on the base itself.
  case zero
  /// Fine-tuning of the base on a few thousand thoughts that are good to read.
  case coldStart = "cold-start"
  /// Reinforcement that also pays for one language.
  case reasoning
  /// Fine-tuning of the base, once more, on what the last model got right, and on other data.
  case rejection
  /// Reinforcement on everything, with people's preferences at the end.
  case allScenarios = "all-scenarios"

  /// The paper's name of the model that the stage leaves.
  public var model: String {
    switch self {
    case .zero: "R1-Zero"
    case .coldStart: "Dev1"
    case .reasoning: "Dev2"
    case .rejection: "Dev3"
    case .allScenarios: "R1"
    }
  }

  // snippet.start
  /// The stage whose model this one changes; nil for the base.
  ///
  /// Rejection sampling takes text from the reasoning stage and weights from the base.
  public var start: Stage? {
    switch self {
    case .zero, .coldStart, .rejection: nil
    case .reasoning: .coldStart
    case .allScenarios: .rejection
    }
  }

  /// The stage whose model writes the data that this one learns from; nil if there is none.
  public var writer: Stage? {
    switch self {
    case .coldStart: .zero
    case .rejection: .reasoning
    default: nil
    }
  }
  // snippet.end

  /// The stages up to and including this one.
  public var path: [Stage] {
    Array(Self.allCases.prefix { $0 != self }) + [self]
  }
}
