import Attention
import Checkpoints
import CommandLine
import FP8
import Foundation
import MTP
import SmallV3
import Tensors
import Text

/// What a new run starts from: the named configuration, with what the command line changed in it.
struct TrainingSetup {
  let name: String
  var model: DecoderConfiguration
  var plan: TrainingPlan
  let precision: Precision
  let tokenizer: Tokenizer
  let text: TrainingText
  private(set) var recipe: PretrainingRecipe?

  /// Reads the options and the text; what the options leave open comes from the configuration.
  init(_ options: Train) throws {
    let word = options.config ?? NamedConfiguration.stories.name
    let base: NamedConfiguration
    if let known = NamedConfiguration.named(word) {
      base = known
      (name, model) = (known.name, known.model)
    } else {
      base = .stories
      model = try TrainingSetup.read(word)
      name = URL(fileURLWithPath: word).deletingPathExtension().lastPathComponent
    }
    plan = TrainingSetup.plan(base, model, options)
    recipe = TrainingSetup.recipe(options, plan)
    if let recipe { plan = recipe.scaled(plan) }
    precision = options.precision ?? .fp32
    guard plan.length <= model.maximumPositions else {
      throw UsageError(
        "--length \(plan.length) exceeds the model's context of \(model.maximumPositions).")
    }
    let isFile = base.model != model
    let usual: NamedConfiguration.Alphabet =
      isFile
      ? (model.vocabularySize > 256 ? .merged(vocabulary: model.vocabularySize) : .bytes)
      : recipe?.alphabet(for: base) ?? base.alphabet
    let choice = options.tokenizer ?? .alphabet(usual)
    if let recipe {
      let documents = try PretrainingText.named(options.data, recipe)
      tokenizer = try choice.tokenizer(for: documents)
      text = try TrainingText(documents, recipe, tokenizer: tokenizer, plan: plan)
    } else {
      let corpus = try Corpus.named(options.data)
      tokenizer = try choice.tokenizer(for: corpus.training)
      text = try TrainingText(
        corpus, tokenizer: tokenizer, length: plan.length, sequences: plan.sequences,
        seed: plan.seed)
    }
    if isFile, tokenizer.vocabularySize > model.vocabularySize {
      throw Failure(
        "\(word) has vocab_size \(model.vocabularySize), but the tokenizer has "
          + "\(tokenizer.vocabularySize) tokens.")
    }
    if !isFile {
      model.vocabularySize = tokenizer.vocabularySize
      model.initializerRange = recipe?.initializerRange ?? model.initializerRange
    }
    // The tokens that frame a text are the tokenizer's; a new model knows no others.
    model.beginToken = tokenizer.beginID
    model.endTokens = tokenizer.endID.map { [$0] } ?? []
    model.padToken = nil
    try model.validate()
  }

  private static func read(_ word: String) throws -> DecoderConfiguration {
    let file = URL(fileURLWithPath: word)
    let hasFile = FileManager.default.fileExists(atPath: file.path)
    guard hasFile else {
      let names = NamedConfiguration.all.map(\.name).joined(separator: ", ")
      throw UsageError(
        "There is no configuration '\(word)': it is neither a file nor one of \(names).")
    }
    return try .read(from: file)
  }

  private static func plan(
    _ base: NamedConfiguration, _ model: DecoderConfiguration, _ options: Train
  ) -> TrainingPlan {
    var plan = options.recipe?.plan(for: base, rule: options.optimizer ?? .adamW) ?? base.plan
    plan.length = options.length ?? min(plan.length, model.maximumPositions)
    plan.sequences = options.batch ?? plan.sequences
    plan.seed = options.seed ?? 0
    if let recipe = options.recipe { plan.steps = recipe.steps(of: plan) }
    if let steps = options.steps { plan.steps = steps }
    if let rule = options.optimizer, rule != plan.rule {
      plan.rule = rule
      plan.rate = rule == .muon ? 5e-3 : 3e-3
    }
    if let rate = options.rate { plan.rate = Float(rate) }
    return plan
  }

  /// The recipe as the options change it; a short training needs fewer documents.
  private static func recipe(_ options: Train, _ plan: TrainingPlan) -> PretrainingRecipe? {
    guard var recipe = options.recipe else { return nil }
    recipe.fillRate = options.fillRate ?? recipe.fillRate
    if options.minutes == nil {
      // No token of ours is longer than four bytes on average.
      recipe.bytes = min(recipe.bytes, max(4 * plan.tokensPerStep * plan.steps, 200_000))
    }
    return recipe
  }

  /// Chooses the steps so that the training fills a time, by taking some on a model to throw away.
  ///
  /// The number becomes part of the plan, so the run can be repeated with `--steps`.
  mutating func fit(minutes: Double) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var full = plan
    full.ramp = nil
    var trial = Trainer(
      DeepSeekModel(model, seed: plan.seed), plan: full, batches: text.source, in: precision)
    _ = try trial.takeStep()
    let limit = Duration.seconds(min(4, minutes * 3))
    var spent = Duration.zero
    var taken = 0
    while taken < 3 || (spent < limit && taken < plan.steps) {
      spent += try clock.measure { _ = try trial.takeStep() }
      taken += 1
      if Interrupt.isRequested { throw Interrupted("Interrupted; nothing was saved.") }
    }
    let evaluation = clock.measure { _ = text.loss(of: trial.model) }
    let used = (clock.now - start) + evaluation * 11
    // At least half of a short time goes to the steps, even if the evaluations then exceed it.
    let left = max(Duration.seconds(minutes * 60) - used, .seconds(minutes * 30))
    plan.steps = max(1, Int((left / (spent / taken)).rounded(.down)))
    if let recipe { plan = recipe.scaled(plan) }
  }
}
