import SmallV3
import Testing
import Text

@Suite struct `The form of a conversation` {
  private let talk = Conversation(
    system: "Be brief.", turns: "Hi", "Hello.", "What is 2+3?")

  @Test func `follows DeepSeek-V3 to the letter`() {
    #expect(
      ChatTemplate.deepSeekV3.text(of: talk, prompting: true)
        == "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜>"
        + "<｜User｜>What is 2+3?<｜Assistant｜>")
    #expect(
      ChatTemplate.deepSeekV3.text(of: Conversation(turns: "Hi", "Hello."), prompting: false)
        == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜>")
  }

  @Test func `lets DeepSeek-R1 begin with a thought, and drops it from the history`() {
    let talk = Conversation([
      Message(.user, "Hi"), Message(.assistant, "<think>\nA greeting.\n</think>\n\nHello."),
      Message(.user, "2+3?"),
    ])
    #expect(
      ChatTemplate.deepSeekR1.text(of: talk, prompting: true)
        == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>\n\nHello.<｜end▁of▁sentence｜>"
        + "<｜User｜>2+3?<｜Assistant｜><think>\n")
    let answer = ChatTemplate.deepSeekR1.answer(Message(.assistant, "5", thought: "2+3=5"))
    #expect(
      answer == [
        .text("2+3=5\n"), .token("</think>"), .text("\n\n5"), .token("<｜end▁of▁sentence｜>"),
      ])
  }

  @Test func `ends the prompt of Coder-V2 without a space`() {
    #expect(
      ChatTemplate.coderV2.text(of: talk, prompting: true)
        == "<｜begin▁of▁sentence｜>Be brief.\n\nUser: Hi\n\nAssistant: Hello.<｜end▁of▁sentence｜>"
        + "User: What is 2+3?\n\nAssistant:")
  }

  @Test func `joins several system texts by an empty line, wherever they stand`() {
    let talk = Conversation([
      Message(.system, "One."), Message(.user, "Hi"), Message(.system, "Two."),
    ])
    #expect(
      ChatTemplate.deepSeekV3.text(of: talk, prompting: true)
        == "<｜begin▁of▁sentence｜>One.\n\nTwo.<｜User｜>Hi<｜Assistant｜>")
  }

  @Test func `uses the bar U+FF5C and the low line U+2581, never those of a keyboard`() {
    for token in ChatTokens.all.prefix(5) {
      let values = token.unicodeScalars.map(\.value)
      #expect(values.count { $0 == 0xFF5C } == 2)
      #expect(!values.contains(0x7C) && !values.contains(0x5F))
    }
    #expect(ChatTokens.begin.unicodeScalars.count { $0.value == 0x2581 } == 2)
  }

  @Test(arguments: [
    ("{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}", "v3"),
    ("{% if add_generation_prompt %}{{'<｜Assistant｜><think>\\n'}}{% endif %}", "r1"),
    ("{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}", "coder-v2"),
    ("{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}", nil),
  ])
  func `is known by what a published template writes before an answer`(
    ending: String, name: String?
  ) {
    #expect(ChatTemplate(jinja: ending)?.rawValue == name)
  }

  @Test(arguments: ChatTemplate.allCases)
  func `is known again from the template that we write`(template: ChatTemplate) {
    #expect(ChatTemplate(jinja: template.jinja) == template)
  }

  @Test func `forgets the oldest question first and the system text never`() throws {
    let shorter = try #require(talk.withoutOldestTurn)
    #expect(shorter == Conversation(system: "Be brief.", turns: "What is 2+3?"))
    #expect(shorter.withoutOldestTurn == nil)
  }
}
