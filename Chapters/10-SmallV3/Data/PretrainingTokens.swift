import Text

/// The tokens of a model that is trained here from nothing.
public enum PretrainingTokens {
  /// The special tokens, in the order of their numbers: begin 0 and end 1, as DeepSeek's.
  ///
  /// Those of a conversation are there from the start, although no document has them: fine-tuning
  /// then needs no new rows in the embedding.
  public static let special =
    ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"]
    + FillInTheMiddle.specialTokens
    + ["<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"]

  /// What `tokenizer_config.json` says: a text begins with the begin token, as in DeepSeek-V3.
  public static let settings = TokenizerSettings(
    beginToken: special[0], endToken: special[1], paddingToken: special[2], addsBegin: true)

  /// Learns a tokenizer from texts; digits stay single, so that sums go column by column.
  public static func tokenizer(
    learntFrom texts: [String], vocabularySize: Int
  ) throws(TokenizerError) -> Tokenizer {
    try Tokenizer.trained(
      on: texts, vocabularySize: vocabularySize, specialTokens: special, preTokenizer: .qwen2
    ).with(settings)
  }

  /// A tokenizer of bytes with the special tokens behind them.
  public static var bytes: Tokenizer { .bytes(special: special).with(settings) }
}
