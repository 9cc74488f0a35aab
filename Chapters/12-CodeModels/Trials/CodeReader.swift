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

  /// The training plan of chapter 8's base, over batches of so many tokens.
  ///
  /// Texts fill a batch by their tokens, so to the plan a batch is one long row.
  public static func plan(steps: Int, budget: Int, rate: Float = 2e-3, seed: UInt64 = 0)
    -> TrainingPlan
  {
    var plan = Reasoner.plan
    (plan.steps, plan.sequences, plan.length) = (steps, 1, budget)
    (plan.rate, plan.seed) = (rate, seed)
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
