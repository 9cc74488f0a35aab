import Checkpoints
import Tensors

/// The smallest group of cards that serves a model, as DeepSeek describes it.
public struct ServingUnit: Sendable, Equatable {
  /// What it does, and where it is described.
  public let name: String
  /// The cards.
  public let cards: Int
  /// The cards that have routed experts; the others have copies and shared experts only.
  public let expertCards: Int
  /// The copies of busy experts beyond the first ones.
  public let copies: Int
  /// The cards over which attention is split.
  public let attentionSplit: Int
  /// The routed experts of a layer.
  public var experts = 256

  /// V3 §3.4.1: prompts on 4 nodes.
  public static let promptPaper = ServingUnit(
    name: "prompts, V3 §3.4.1", cards: 32, expertCards: 32, copies: 32, attentionSplit: 4)
  /// V3 §3.4.2: further tokens on 40 nodes; 64 of the cards have copies and shared experts.
  public static let decodePaper = ServingUnit(
    name: "decoding, V3 §3.4.2", cards: 320, expertCards: 256, copies: 0, attentionSplit: 4)
  /// Open-infra-index, day 6: prompts in production.
  public static let promptProduction = ServingUnit(
    name: "prompts, production", cards: 32, expertCards: 32, copies: 32, attentionSplit: 1)
  /// Open-infra-index, day 6: decoding in production, on 18 nodes.
  public static let decodeProduction = ServingUnit(
    name: "decoding, production", cards: 144, expertCards: 144, copies: 32, attentionSplit: 1)

  /// All of them.
  public static let all = [promptPaper, decodePaper, promptProduction, decodeProduction]

  /// The nodes of eight cards.
  public var nodes: Int { cards / 8 }
  /// DP, the groups that each attend to their own texts.
  public var attentionGroups: Int { cards / attentionSplit }
  /// The slots for routed experts on a card, in each layer.
  public var expertsPerCard: Int { (experts + copies) / expertCards }
}

/// One layer of decoding on one of many cards, with all that takes time.
///
/// Each card attends to its own texts and holds its share of the experts. Two micro-batches take
/// turns: one travels while the other computes. A product takes as long as its operations or as
/// reading its operands, whichever is longer.
public struct DecodingCard: Sendable {
  /// The sizes.
  public let model: DecoderConfiguration
  /// The card.
  public let accelerator: Accelerator
  /// EP, the cards over which the experts are spread.
  public let cards: Int
  /// The tokens of a micro-batch on each card.
  public let tokens: Int
  /// The tokens of each text that are in the cache.
  public let cached: Int
  /// The slots for experts beyond one for each.
  public let copies: Int
  private let weights: (block: BlockWeights, attention: Double)

  /// Describes a card; nil for a model without experts or with uncountable weights.
  public init?(
    _ model: DecoderConfiguration = .v3, on accelerator: Accelerator = .h800, cards: Int,
    tokens: Int, cached: Int = 4096, copies: Int = 0
  ) {
    guard let experts = model.experts, cards > 0, tokens > 0,
      let block = model.blockWeights(model.layers - 1)
    else { return nil }
    (self.model, self.accelerator, self.cards) = (model, accelerator, cards)
    (self.tokens, self.cached, self.copies) = (tokens, cached, copies)
    weights = (block, Double(block.visited - experts.active * block.expert))
  }

  private var experts: (count: Double, active: Double) {
    (Double(weights.block.experts), Double(model.experts?.active ?? 0))
  }

  /// The experts whose weights a card reads for a micro-batch: those of its slots that get a token.
  ///
  /// Slots times 1 − (1 − active / count)^(tokens of all cards), when every expert is as likely.
  public var busySlots: Double {
    let slots = max(1, (experts.count + Double(copies)) / Double(cards))
    // Copies share the tokens of their expert.
    let share = experts.count / (experts.count + Double(copies))
    let chance = experts.active / experts.count * share
    let missed = power(1 - chance, tokens * cards)
    return slots * (1 - missed)
  }

  /// Seconds in which the weights of attention, shared expert and router, and of the busy experts
  /// are read, in eight bits.
  public var reading: Double {
    (weights.attention + busySlots * Double(weights.block.expert)) / accelerator.memorySpeed
  }

  /// Seconds in which the caches of the texts are read, in sixteen bits.
  public var readingCache: Double {
    Double(tokens * cached * model.cacheWidth * 2) / accelerator.memorySpeed
  }

  /// Seconds of products with weights.
  public var products: Double {
    2 * Double(tokens * weights.block.visited) / accelerator.eightBitPeak
  }

  /// Seconds of attention, in sixteen bits.
  public var attention: Double {
    let work = model.decodingWork(cached: cached)?.attention ?? 0
    return Double(tokens * work) / Double(model.layers) / accelerator.brainPeak
  }

  /// Seconds of a micro-batch's layer on the card itself.
  public var computing: Double { max(products, reading) + max(attention, readingCache) }

  /// Seconds of a micro-batch's way to the experts and back.
  public var exchange: Double {
    var limit = DecodeLimit(speed: accelerator.betweenSpeed, width: Double(model.width))
    limit.tokens = Double(tokens)
    limit.copies = experts.active + Double(model.experts?.shared ?? 0)
    return limit.exchange
  }

  /// Seconds from one token of a text to its next.
  public var timePerToken: Double {
    2 * max(computing, exchange) * Double(model.layers)
  }

  /// Tokens a second that a card makes.
  public var throughput: Double { 2 * Double(tokens) / timePerToken }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
