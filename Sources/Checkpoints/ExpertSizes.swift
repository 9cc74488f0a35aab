/// The experts of a mixture: how many there are, how wide, and how a token gets to its own.
public struct ExpertSizes: Equatable, Hashable, Sendable {
  /// How the router turns its logits into scores: `scoring_func`.
  public enum Scoring: String, CaseIterable, Sendable {
    /// Scores of one token sum to one.
    case softmax
    /// Each score is between zero and one on its own.
    case sigmoid
  }

  /// How the router chooses: `topk_method`.
  public enum Selection: String, CaseIterable, Sendable {
    /// The best scores of all.
    case greedy
    /// The best scores within the groups that hold the best ones.
    case groupLimitedGreedy = "group_limited_greedy"
    /// As before, with a bias added to each score for the choice alone.
    case biased = "noaux_tc"
  }

  /// The number of experts among which the router chooses: `n_routed_experts`.
  public var count: Int
  /// The number of experts that a token is sent to: `num_experts_per_tok`.
  public var active: Int
  /// The number of experts that every token visits: `n_shared_experts`.
  public var shared: Int
  /// The width inside of one expert: `moe_intermediate_size`.
  public var width: Int
  /// The number of layers at the bottom that have no experts: `first_k_dense_replace`.
  public var denseLayers = 1
  /// Every how manyth layer has experts: `moe_layer_freq`.
  public var stride = 1
  /// The number of groups into which the experts are divided: `n_group`.
  public var groups = 1
  /// The number of groups to which a token may be sent: `topk_group`.
  public var activeGroups = 1
  /// How logits become scores: `scoring_func`.
  public var scoring: Scoring
  /// How experts are chosen: `topk_method`.
  public var selection: Selection
  /// Whether the weights of the chosen experts are divided by their sum: `norm_topk_prob`.
  public var normalizes: Bool
  /// What the weights of the chosen experts are multiplied with: `routed_scaling_factor`.
  public var scale: Double
  /// The weight of the loss that balances the experts: `aux_loss_alpha`.
  public var balanceWeight = 0.0
  /// Whether that loss balances each sequence, rather than the whole batch: `seq_aux`.
  public var balancesSequences = true

  /// Creates the sizes; what is left out takes the value of the smallest published models.
  public init(
    count: Int, active: Int, shared: Int, width: Int, denseLayers: Int = 1, stride: Int = 1,
    groups: Int = 1, activeGroups: Int = 1, scoring: Scoring = .softmax,
    selection: Selection = .greedy, normalizes: Bool = false, scale: Double = 1,
    balanceWeight: Double = 0, balancesSequences: Bool = true
  ) {
    self.count = count
    self.active = active
    self.shared = shared
    self.width = width
    self.denseLayers = denseLayers
    self.stride = stride
    self.groups = groups
    self.activeGroups = activeGroups
    self.scoring = scoring
    self.selection = selection
    self.normalizes = normalizes
    self.scale = scale
    self.balanceWeight = balanceWeight
    self.balancesSequences = balancesSequences
  }

  /// Says whether a layer, counted from zero, has experts.
  public func isExpertLayer(_ layer: Int) -> Bool {
    layer >= denseLayers && layer.isMultiple(of: stride)
  }
}
