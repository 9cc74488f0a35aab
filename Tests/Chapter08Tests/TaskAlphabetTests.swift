import Foundation
import RL
import TestSupport
import Testing
import Text

@Suite struct `The alphabet of the tasks` {
  private let alphabet = TaskAlphabet.standard

  @Test func `writes a thought and an answer with the tokens of the published template`() {
    let item = TaskItem.digitSum([3, 7, 1, 9])
    let prompt = alphabet.prompt(item.prompt)
    let response = alphabet.response(thought: item.thought, answer: item.answer)
    // Begin 0, user 3, 3 7 1 9 +, assistant 4; think 5, eight digits, end of thought 6, 0, end 1.
    #expect(prompt == [0, 3, 10, 14, 8, 16, 17, 4])
    #expect(response == [5, 10, 10, 14, 7, 8, 8, 16, 7, 6, 7, 1])
    #expect(
      alphabet.tokenizer.decode(prompt + response)
        == "<｜begin▁of▁sentence｜><｜User｜>3719+<｜Assistant｜><think>33701190</think>0<｜end▁of▁sentence｜>"
    )
    #expect(alphabet.response(thought: nil, answer: item.answer) == [7, 1])
  }

  @Test func `uses the bar and the low line of the published tokenizer, not those of ASCII`() {
    for text in TaskAlphabet.specialTokens.prefix(5) {
      #expect(text.unicodeScalars.count(where: { $0.value == 0xFF5C }) == 2)
      #expect(!text.contains("|") && !text.contains("_"))
    }
    #expect(TaskAlphabet.specialTokens[0].unicodeScalars.contains { $0.value == 0x2581 })
    #expect(alphabet.padding != alphabet.end)
  }

  @Test func `has the same tokens after it was written to a directory and read back`() throws {
    try withFolder { folder in
      try alphabet.tokenizer.write(to: folder)
      let read = try Tokenizer(directory: folder)
      #expect(try TaskAlphabet(read) == alphabet)
      #expect(read.vocabularySize == 28 && read.beginID == 0 && read.endID == 1)
      let text = "<｜User｜>3719+<｜Assistant｜><think>33</think>0"
      #expect(read.encode(text) == alphabet.tokenizer.encode(text))
    }
  }

  @Test func `accepts the bytes with the special tokens behind them`() throws {
    let bytes = try TaskAlphabet(.bytes(special: TaskAlphabet.specialTokens))
    #expect(bytes.begin == 256 && bytes.prompt("7+") == [256, 259, 55, 43, 260])
    #expect(throws: TaskAlphabetError(missing: "<think>")) {
      try TaskAlphabet(.bytes(special: Array(TaskAlphabet.specialTokens.prefix(5))))
    }
  }
}
