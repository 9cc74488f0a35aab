/// The special tokens that frame a text and the turns of a conversation, as DeepSeek spells them.
///
/// The bar is U+FF5C and the low line U+2581: they are not the letters `|` and `_` of a keyboard.
public enum ChatTokens {
  /// Begins a text.
  public static let begin = "<｜begin▁of▁sentence｜>"
  /// Ends a text, and an answer.
  public static let end = "<｜end▁of▁sentence｜>"
  /// Fills up rows.
  public static let padding = "<｜▁pad▁｜>"
  /// Begins what the user says.
  public static let user = "<｜User｜>"
  /// Begins what the assistant says.
  public static let assistant = "<｜Assistant｜>"
  /// Begins a thought.
  public static let think = "<think>"
  /// Ends a thought.
  public static let endThink = "</think>"

  /// All of them, in the order of their numbers in a tokenizer that is made for conversations.
  public static let all = [begin, end, padding, user, assistant, think, endThink]
}
