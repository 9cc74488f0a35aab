import Attention
import Checkpoints
import MTP
import RL
import Tensors
import Text

/// The small V3 that reads and runs programs, and how it is trained.
public enum CodeReader {
  /// The reasoner of chapter 8 with the alphabet of code and a longer context.
  public static let sizes: DecoderConfiguration = {
    var sizes = Reasoner.model
    sizes.vocabularySize = CodeAlphabet.standard.tokenizer.vocabularySize
    sizes.maximumPositions = 256
    return sizes
  }()

  /// A training over batches of so many tokens, with Muon: what is compared is data, and the sooner
  /// it is learnt, the more can be compared.
  ///
  /// Texts fill a batch by their tokens, so to the plan a batch is one long row.
  public static func plan(steps: Int, budget: Int, seed: UInt64 = 0) -> TrainingPlan {
    var plan = TrainingPlan(
      steps: steps, sequences: 1, length: budget, rate: 5e-3,
      schedule: .trapezoid(warmup: 40), seed: seed)
    plan.rule = .muon
    plan.shards = 8
    plan.coefficients = Reasoner.plan.coefficients
    return plan
  }

  /// Trains a model on texts, to the end of the plan.
  ///
  /// - Parameter onStep: told of each step, with the model as it is then.
  public static func train(
    _ model: DeepSeekModel, on source: some TextSource, plan: TrainingPlan,
    onStep: (StepReport, DeepSeekModel) throws -> Void = { _, _ in }
  ) throws {
    var trainer = Trainer(model, plan: plan, batches: source)
    while !trainer.isFinished { try onStep(trainer.takeStep(), trainer.model) }
  }

  /// A model that can be saved: with its alphabet, read greedily.
  public static func saved(
    _ model: DeepSeekModel, sizes: DecoderConfiguration = sizes
  ) -> SavedModel<DeepSeekModel> {
    var settings = CodeAlphabet.standard.tokenizer.settings
    settings.addsBegin = true
    return SavedModel(
      configuration: sizes, model: model,
      tokenizer: CodeAlphabet.standard.tokenizer.with(settings),
      generation: GenerationConfiguration(endTokens: [CodeAlphabet.standard.tasks.end]))
  }
}
