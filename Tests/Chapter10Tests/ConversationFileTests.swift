import Foundation
import SmallV3
import TestSupport
import Testing

@Suite struct `A file of conversations` {
  private func read(_ text: String) throws -> [Conversation] {
    try withFolder { folder in
      let file = folder.appending(path: "talks.jsonl")
      try Data(text.utf8).write(to: file)
      return try Conversation.read(from: file)
    }
  }

  @Test func `holds one conversation a line, in the words of other programs`() throws {
    let talks = try read(
      """
      {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a\\nb"},
      """.trimmingCharacters(in: .newlines)
        + """
        {"role": "assistant", "content": "c", "reasoning_content": "t"}]}

        {"messages": [{"role": "assistant", "content": "d"}]}
        """)
    #expect(
      talks == [
        Conversation([
          Message(.system, "S"), Message(.user, "a\nb"), Message(.assistant, "c", thought: "t"),
        ]),
        Conversation([Message(.assistant, "d")]),
      ])
  }

  @Test(arguments: [
    ("{\"messages\": 1}", "line 1: an object with a list \"messages\" is needed."),
    (
      "\n{\"messages\": [{\"role\": \"human\", \"content\": \"a\"}]}",
      "line 2: the role of a message must be one of system, user, assistant."
    ),
    (
      "{\"messages\": [{\"role\": \"user\", \"content\": null}]}",
      "line 1: the content of a message must be a text."
    ),
    (
      "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}",
      "line 1: without an assistant's message nothing is taught."
    ),
    ("\n\n", "there is no conversation in it."),
  ])
  func `says which line breaks which rule`(text: String, rule: String) {
    let error = #expect(throws: ConversationError.self) { try read(text) }
    #expect(error?.description.hasSuffix(rule) == true, "\(error?.description ?? "")")
  }
}
