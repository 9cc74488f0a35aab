import Testing

@Suite(.serialized) struct `Usage` {
  @Test(arguments: HelpTexts.all)
  func `is explained on request`(words: [String], text: String) async throws {
    var child = Child(words[0])
    child.words = words.dropFirst() + ["--help"]
    let ending = try await child.run()
    #expect(ending.output == text)
    #expect(ending.code == 0 && ending.errors.isEmpty)
  }

  @Test(arguments: [
    ("trian", "Unknown subcommand 'trian'. Did you mean 'train'?"),
    ("train --step 4", "Unknown option '--step'. Did you mean '--steps'?"),
    (
      "train --steps 0",
      "The value '0' is invalid for '--steps <n>': must be between 1 and 100000000"
    ),
    ("train --steps 4 --minutes 1", "Give --steps or --minutes, not both."),
    (
      "train --resume x --seed 1",
      "--seed cannot be given with --resume: the run has decided it."
    ),
    (
      "train --optimizer adam",
      "The value 'adam' is invalid for '--optimizer <rule>'. Please provide one of 'adamw', "
        + "'muon'. Did you mean 'adamw'?"
    ),
    (
      "train --precision fp9",
      "The value 'fp9' is invalid for '--precision <format>'. Please provide one of 'fp32', "
        + "'bf16', 'fp8'. Did you mean 'fp8'?"
    ),
    (
      "train --resume x --precision fp8",
      "--precision cannot be given with --resume: the run has decided it."
    ),
    ("train --tokenizer bpe:9", "The value 'bpe:9' is invalid for '--tokenizer <kind>'"),
    (
      "train --config tiny --length 65",
      "--length 65 exceeds the model's context of 64."
    ),
    (
      "train --config large",
      "There is no configuration 'large': it is neither a file nor one of stories, small-v3, "
        + "tiny-v3, shakespeare-v3, small-dense, tiny, gpt, shakespeare."
    ),
    ("generate", "Missing expected argument '--model <dir>'"),
    ("generate --model x --prompt a --tokens 1", "Give --prompt or --tokens, not both."),
    ("inspect --model x --tokens 1,b", "The value '1,b' is invalid for '--tokens <ids>'"),
    ("tokenize --model x", "Give either --text or --file."),
    ("describe", "Missing expected argument '<model>'"),
  ])
  func `that is wrong gets a sentence and exit code 64`(line: String, sentence: String)
    async throws
  {
    var child = Child("deepseek")
    child.words = line.split(separator: " ").map(String.init)
    let ending = try await child.run()
    #expect(ending.code == 64 && ending.output.isEmpty)
    #expect(ending.errors.hasPrefix("Error: \(sentence)\nUsage: deepseek "))
  }
}
