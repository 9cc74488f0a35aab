import Attention
import CommandLine
import Foundation
import MTP
import SmallV3
import Text

/// A conversation with a model that was taught to answer.
struct ChatSession {
  let saved: SavedModel<DeepSeekModel>
  let coder: ChatCoder
  let sampling: Sampling
  private let opening: Conversation
  private var conversation: Conversation
  private var seed: UInt64

  /// Prepares a conversation that nobody has begun.
  init(
    _ saved: SavedModel<DeepSeekModel>, _ coder: ChatCoder, _ sampling: Sampling,
    system: String?, seed: UInt64
  ) {
    self.saved = saved
    self.coder = coder
    self.sampling = sampling
    self.seed = seed
    opening = Conversation(system.map { [Message(.system, $0)] } ?? [])
    conversation = opening
  }

  /// Reads questions and answers them until the input ends.
  mutating func run() {
    Console.log(
      "Ask something. /new or an empty line starts afresh; Ctrl-C stops an answer; the end of "
        + "input (Ctrl-D)\nends the program.")
    let lines = TypedLines()
    while let line = lines.next() {
      if line.isEmpty || line == "/new" {
        conversation = opening
        continue
      }
      conversation.messages.append(Message(.user, line))
      answer()
    }
    lines.finish()
  }

  /// Prints an answer as it comes and adds it to what was said.
  private mutating func answer() {
    guard let prompt = fittingPrompt() else {
      Console.log(
        "That is more than the model's context of \(saved.configuration.maximumPositions) tokens "
          + "holds; it was not asked.")
      conversation.messages.removeLast()
      return
    }
    let room = saved.configuration.maximumPositions - prompt.count
    var voice = Voice(coder, isThinking: coder.template == .deepSeekR1)
    let stops = saved.stops.union([coder.end])
    Interrupt.listen()
    let tokens = saved.model.language.generate(
      [prompt], count: room, sampling: sampling, seed: seed, stops: stops
    ) { _, token in
      if !stops.contains(token) { Console.stream(voice.say(token)) }
      return !Interrupt.isRequested
    }
    Interrupt.stopListening()
    Console.print(voice.finish())
    seed &+= 1
    conversation.messages.append(coder.message(from: tokens[0]))
  }

  /// The tokens of the conversation; its oldest turns are forgotten where too little room is left.
  private mutating func fittingPrompt() -> [Int]? {
    let limit = saved.configuration.maximumPositions
    var prompt = coder.prompt(conversation)
    // A third of the context is kept for the answer, as long as there is something to forget.
    while prompt.count > limit - limit / 3, let shorter = conversation.withoutOldestTurn {
      conversation = shorter
      prompt = coder.prompt(conversation)
    }
    return prompt.count < limit ? prompt : nil
  }
}

/// The text of an answer as it comes: thoughts are dimmed on a terminal.
private struct Voice {
  private var decoder: StreamingDecoder
  private let coder: ChatCoder
  private let dims: Bool
  private var isDim = false

  init(_ coder: ChatCoder, isThinking: Bool) {
    self.coder = coder
    decoder = StreamingDecoder(coder.tokenizer)
    dims = Console.isTerminal
    thinksAtFirst = isThinking
  }

  private var thinksAtFirst: Bool

  /// What to print for a token.
  mutating func say(_ token: Int) -> String {
    var text = thinksAtFirst ? dim(true) : ""
    thinksAtFirst = false
    if token == coder.think { return text + dim(true) }
    text += decoder.append(token)
    return token == coder.endThink ? text + dim(false) : text
  }

  /// What is left at the end.
  mutating func finish() -> String { decoder.finish() + dim(false) }

  private mutating func dim(_ wanted: Bool) -> String {
    guard dims, wanted != isDim else { return "" }
    isDim = wanted
    return wanted ? "\u{1B}[2m" : "\u{1B}[0m"
  }
}
