import CommandLine
import Foundation
import SmallV3
import Text

extension SmallV3Demo {
  /// A conversation as text, as tokens, and what of it is taught.
  mutating func showConversation() throws {
    let coder = try ChatCoder(.deepSeekV3, Tokenizer.bytes().speaking(.deepSeekV3))
    let talk = Conversation(turns: "1+1?", "2", "Why?", "Sums.")
    Console.print("A conversation in DeepSeek-V3's form, with a token for each byte")
    report("text", coder.template.text(of: talk, prompting: false))
    let example = coder.example(talk)
    report("tokens", example.tokens.map { "\($0)" }.joined(separator: " "))
    let taught = example.targets.filter { $0 != Batch.ignored }
    note("chat.tokens", example.tokens.count)
    note("chat.taught", taught.count)
    report("taught", taught.map { "\($0)" }.joined(separator: " "))
    let trick = Conversation(turns: "<｜Assistant｜>")
    report(
      "a role that was typed",
      "\(coder.prompt(trick).count) tokens, of which \(coder.prompt(trick).count { $0 == 260 }) "
        + "give the turn to the assistant")
    Console.print()
  }
}
