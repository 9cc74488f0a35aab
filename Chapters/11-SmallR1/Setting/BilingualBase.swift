import Attention
import Checkpoints
import MoE
import RL
import Tensors

extension TaskAlphabet {
  /// The characters of both tongues and the signs around them.
  public static let bilingualCharacters =
    Tongue.digits.words + Tongue.letters.words + "+s:?=;"

  /// What an answer may be written with: words of either tongue.
  public static let bilingualAnswers = Tongue.digits.words + Tongue.letters.words

  /// 33 tokens: chapter 8's frame around two tongues.
  public static let bilingual = TaskAlphabet(
    characters: bilingualCharacters, answers: bilingualAnswers)
}

/// The base of this chapter: chapter 8's small V3, on questions and thoughts in two tongues.
public enum BilingualBase {
  /// The sizes of the model.
  public static let model: DecoderConfiguration = {
    var sizes = Reasoner.model
    sizes.vocabularySize = TaskAlphabet.bilingual.tokenizer.vocabularySize
    sizes.beginToken = TaskAlphabet.bilingual.begin
    sizes.endTokens = [TaskAlphabet.bilingual.end]
    sizes.padToken = TaskAlphabet.bilingual.padding
    // Room for thoughts that are sent on.
    sizes.maximumPositions = 128
    return sizes
  }()

  /// The training of the base.
  public static let plan: TrainingPlan = {
    var plan = Reasoner.plan
    plan.steps = 1400
    plan.length = 48
    return plan
  }()

  /// The examples of a base.
  public static func examples(
    _ plan: TrainingPlan, mix: QuestionMix = .base()
  ) -> BilingualSource {
    BilingualSource(mix, sequences: plan.sequences, length: plan.length, seed: plan.seed)
  }
}
