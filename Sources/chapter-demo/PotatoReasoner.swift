import Attention
import Checkpoints
import Foundation
import MTP
import MoE
import RL
import Serving
import SmallV3
import Tensors
import Text

/// An R1 small enough to be trained in a demonstration: it adds digits, and thinks before it answers.
///
///     user: 3719+     thought: 33701190     answer: 0
struct PotatoReasoner {
  /// The sizes.
  let configuration: DecoderConfiguration
  /// The weights.
  let model: DeepSeekModel
  /// Conversations as tokens, in R1's form.
  let coder: ChatCoder

  /// The numbers of digits that it has learnt to add.
  static let sizes = 4...8

  /// Trains one.
  static func trained(seed: UInt64, steps: Int = 300) throws -> PotatoReasoner {
    let tokenizer = Tokenizer.characters("0123456789+\n", special: ChatTokens.all)
      .speaking(.deepSeekR1)
    let coder = try ChatCoder(.deepSeekR1, tokenizer)
    let configuration = Self.configuration(for: coder)
    let model = DeepSeekModel(configuration, seed: seed)
    var plan = TrainingPlan(
      steps: steps, sequences: 48, length: 80, rate: 4e-3, schedule: .trapezoid(warmup: 20),
      seed: seed)
    plan.rule = .muon
    plan.shards = 4
    plan.coefficients = Reasoner.plan.coefficients
    var generator = SplitMix64(seed: seed)
    let mix = TaskMix(sizes.map { TaskMix.Entry(.digitSum, size: $0) })
    let examples = (0..<30_000).map { _ in
      coder.example(conversation(on: mix.item(using: &generator)))
    }
    var trainer = Trainer(
      model, plan: plan,
      batches: ConversationSource(
        examples, sequences: plan.sequences, length: plan.length, padding: coder.padding,
        seed: seed))
    while !trainer.isFinished { _ = try trainer.takeStep() }
    return PotatoReasoner(configuration: configuration, model: model, coder: coder)
  }

  /// Two layers of V3: latent attention, a dense layer, and one of eight experts and a shared one.
  private static func configuration(for coder: ChatCoder) -> DecoderConfiguration {
    DecoderConfiguration(
      family: .deepseekV3, vocabularySize: coder.tokenizer.vocabularySize, width: 64,
      feedForwardWidth: 160, layers: 2, heads: 4, maximumPositions: 96,
      beginToken: coder.tokenizer.beginID, endTokens: [coder.end], padToken: coder.padding,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 16),
      experts: ExpertSizes(
        count: 8, active: 2, shared: 1, width: 64, scoring: .sigmoid, selection: .biased,
        normalizes: true, scale: 1, balanceWeight: 1e-4))
  }

  /// A problem as a conversation.
  static func conversation(on item: TaskItem) -> Conversation {
    Conversation([
      Message(.user, item.prompt),
      Message(.assistant, item.answer, thought: item.thought),
    ])
  }

  /// Problems that no training sees, so many of each size.
  static func problems(_ count: Int) -> [TaskItem] {
    sizes.flatMap { TaskMix.heldOut(.digitSum, size: $0, count: count) }
  }

  /// The weights packed in a format.
  func served(_ format: WeightFormat) -> ServedModel {
    ServedModel(configuration, format, of: model)
  }
}

/// How well a served reasoner does.
struct PotatoMarks {
  /// The mean surprise at a token of the thoughts and answers, in nats.
  let loss: Double
  /// The share of problems that are answered rightly.
  let accuracy: Double

  /// Lets a model read the answers to some problems, and write its own.
  init(
    _ served: ServedModel, _ coder: ChatCoder, on items: [TaskItem],
    cache: CacheFormat = .bf16
  ) throws {
    let examples = items.map { coder.example(PotatoReasoner.conversation(on: $0)) }
    let losses = Threads.map(examples.count) { Self.losses(served, examples[$0], cache) }
      .flatMap { $0 }
    loss = losses.reduce(0, +) / Double(losses.count)
    let answers = try Self.answers(served, coder, to: items, cache)
    accuracy =
      Double(zip(items, answers).count { $0.judge($1) }) / Double(items.count)
  }

  /// −log of the probability of each token that is taught.
  private static func losses(
    _ served: ServedModel, _ example: ChatExample, _ cache: CacheFormat
  ) -> [Double] {
    let logits = ReadText(served, cache).read(Array(example.tokens.dropLast()))
    return example.targets.enumerated().compactMap { row, target in
      guard target != Batch.ignored else { return nil }
      let law = TokenLaw(logits.rows(row..<row + 1).scalars, Sampling(temperature: 1))
      return -log(max(law[target], 1e-12))
    }
  }

  private static func answers(
    _ served: ServedModel, _ coder: ChatCoder, to items: [TaskItem], _ cache: CacheFormat
  ) throws -> [String] {
    var scheduler = Scheduler(
      served, limits: EngineLimits(active: 64, waiting: items.count, tokensPerStep: 256),
      options: EngineOptions(cache: cache, sharesPrefixes: false))
    var tokens: [Int: [Int]] = [:]
    let ids = try items.map { item in
      try scheduler.submit(
        GenerationRequest(
          prompt: coder.prompt(Conversation(turns: item.prompt)), maximumTokens: 40,
          stops: [coder.end]))
    }
    while !scheduler.isIdle {
      for (id, event) in scheduler.step() {
        if case .token(let token) = event { tokens[id, default: []].append(token) }
      }
    }
    return ids.map { coder.message(from: tokens[$0] ?? []).content }
  }
}
