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
    ("fine-tune", "Give --model, the base to teach, or --resume."),
    (
      "fine-tune --model x --data f --conversations 40",
      "--conversations cannot be given with --data: the files have them."
    ),
    ("generate", "Missing expected argument '--model <dir>'"),
    ("generate --model x --prompt a --tokens 1", "Give --prompt or --tokens, not both."),
    ("inspect --model x --tokens 1,b", "The value '1,b' is invalid for '--tokens <ids>'"),
    ("tokenize --model x", "Give either --text or --file."),
    ("describe", "Missing expected argument '<model>'"),
    ("serve", "Missing expected argument '--model <dir>'"),
    (
      "serve --model x --port 70000",
      "The value '70000' is invalid for '--port <n>': must be between 0 and 65535"
    ),
    (
      "quantize --model x --format int3",
      "The value 'int3' is invalid for '--format <format>'. Please provide one of 'int8', "
        + "'int4', 'fp8', 'bf16', 'fp32'. Did you mean 'int8'?"
    ),
    (
      "quantize --model x --group 7",
      "The value '7' is invalid for '--group <n>': must be even and between 2 and 4096"
    ),
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

  @Test(arguments: [
    (
      "mtp --ranks 8",
      "--ranks goes only with the topic dualpipe."
    ),
    ("--json", "--json goes only with the topic dualpipe."),
    ("rl --seed 1", "--seed means nothing to rl: nothing in it is random."),
    ("dualpipe --ranks 0", "dualpipe: 0 ranks; it takes from 1 to 64."),
    ("dualpipe --ranks -3", "dualpipe: -3 ranks; it takes from 1 to 64."),
    ("dualpipe --ranks 7", "dualpipe: 7 ranks; it needs an even number."),
    (
      "dualpipe --micro-batches 7",
      "dualpipe: 7 micro-batches; it needs an even number of at least 2 · ranks = 16."
    ),
    (
      "7 --schedule zb-h2 --micro-batches 1000000000000000",
      "zb-h2: 1000000000000000 micro-batches; it takes from 1 to 4096."
    ),
    (
      "dualpipe --ranks 99999999999999999999",
      "The value '99999999999999999999' is invalid for '--ranks <n>'"
    ),
    (
      "dualpipe --schedule dualpip",
      "The value 'dualpip' is invalid for '--schedule <name>'. Please provide one of 'gpipe', "
        + "'1f1b', 'interleaved', 'zb1p', 'zb-h2', 'chimera', 'dualpipe', 'dualpipev'. Did you "
        + "mean 'dualpipe'?"
    ),
    (
      "dualpipe --costs 1,nan,1,3",
      "The value '1,nan,1,3' is invalid for '--costs <f,b,w,pair>'"
    ),
    (
      "dualpipe --costs 1,-2,1,3",
      "The value '1,-2,1,3' is invalid for '--costs <f,b,w,pair>': must be four numbers from 0 "
        + "to 1000, the third, a part of the second, not above it"
    ),
    (
      "dualpipe --costs 1,2,1",
      "The value '1,2,1' is invalid for '--costs <f,b,w,pair>': must be four numbers from 0 to "
        + "1000, the third, a part of the second, not above it"
    ),
    (
      "dualpipe --costs 1,1,2,3",
      "The value '1,1,2,3' is invalid for '--costs <f,b,w,pair>': must be four numbers from 0 to "
        + "1000, the third, a part of the second, not above it"
    ),
    (
      "dualpipe --costs 1e300,2,1,3",
      "The value '1e300,2,1,3' is invalid for '--costs <f,b,w,pair>': must be four numbers from 0 "
        + "to 1000, the third, a part of the second, not above it"
    ),
  ])
  func `of a demonstration that is wrong gets a sentence and exit code 64`(
    line: String, sentence: String
  ) async throws {
    var child = Child("chapter-demo")
    child.words = line.split(separator: " ").map(String.init)
    let ending = try await child.run()
    #expect(ending.code == 64 && ending.output.isEmpty)
    #expect(ending.errors.hasPrefix("Error: \(sentence)\nUsage: chapter-demo "))
  }
}
