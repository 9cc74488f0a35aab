/// What the making of a small R1 leaves for programs: what `deepseek reason --stage all --json`
/// prints.
public struct PipelineRecord: Codable, Sendable, Equatable {
  /// A model on the way.
  public struct Model: Codable, Sendable, Equatable {
    /// The paper's name of it, or "base".
    public let name: String
    /// What it can do.
    public let marks: StageMarks
    /// The seconds that its stage took.
    public let seconds: Double
    /// The examples that it was tuned on, and the responses from which they were chosen.
    public let examples: Int?, asked: Int?

    /// Describes a model.
    public init(
      name: String, marks: StageMarks, seconds: Double, examples: Int? = nil, asked: Int? = nil
    ) {
      self.name = name
      self.marks = marks
      self.seconds = seconds
      self.examples = examples
      self.asked = asked
    }
  }

  /// The seed.
  public var seed: UInt64
  /// The weights of each model.
  public var parameters: Int
  /// The models, the base first, as far as the stages went.
  public var models: [Model]
  /// What became of the reward model.
  public var rewardModel: RewardReport?
  /// What hacking the reward model does, if it was tried.
  public var hacking: HackingResult?
  /// What more time for an answer is worth, if it was tried.
  public var testTime: TestTimeResult?
  /// What the models say, if they were asked.
  public var voices: StageVoices?

  /// Begins a record.
  public init(seed: UInt64, parameters: Int, models: [Model]) {
    self.seed = seed
    self.parameters = parameters
    self.models = models
  }

  /// The seconds of all stages.
  public var seconds: Double { models.reduce(0) { $0 + $1.seconds } }

  private enum CodingKeys: String, CodingKey {
    case seed, parameters, models, hacking, voices
    case rewardModel = "reward_model"
    case testTime = "test_time"
  }
}

extension StageTable {
  /// The table of some records that went through all stages.
  public init(_ records: [PipelineRecord]) {
    self.init(records.map { $0.models.map(\.marks) })
  }
}
