import Foundation
import Testing

@Suite(.serialized) struct `Serving from the command line` {
  /// A model of two steps.
  private func model(in scratch: Scratch) async throws -> String {
    let ending = try await Child(
      "deepseek", "train", "--config", "tiny-v3", "--data", try scratch.story(), "--steps",
      "2", "--out", scratch.path("model")
    ).run()
    #expect(ending.code == 0, "\(ending.errors)")
    return scratch.path("model")
  }

  private func bytes(_ path: String) throws -> Int {
    try Data(contentsOf: URL(fileURLWithPath: path + "/model.safetensors")).count
  }

  @Test func `quantize writes a directory that every command opens`() async throws {
    let scratch = try Scratch()
    let model = try await model(in: scratch)
    let first = try await Child(
      "deepseek", "generate", "--model", model, "--tokens", "5,6", "--max-new-tokens", "4",
      "--json"
    ).run()
    for format in ["bf16", "fp8", "int8", "int4"] {
      let ending = try await Child("deepseek", "quantize", "--model", model, "--format", format)
        .run()
      #expect(ending.code == 0, "\(ending.errors)")
      #expect(ending.output.hasPrefix("Wrote "), "\(ending.output)")
      #expect(try bytes("\(model)-\(format)") < bytes(model))
      let generated = try await Child(
        "deepseek", "generate", "--model", "\(model)-\(format)", "--tokens", "5,6",
        "--max-new-tokens", "4", "--json"
      ).run()
      #expect(generated.code == 0, "\(generated.errors)")
      #expect(generated.output.hasPrefix("{\"tokens\":[5,6,") && first.code == 0)
    }
  }

  @Test func `serve says where it listens, and stops in order when it is asked to`()
    async throws
  {
    let scratch = try Scratch()
    let model = try await model(in: scratch)
    let ending = try await Child(
      "deepseek", "serve", "--model", model, "--port", "0", "--format", "int8"
    ).run { process in
      let output = try #require(process.currentDirectoryURL).appending(path: "out")
      for _ in 0..<2000 where (try? Data(contentsOf: output))?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(10))
      }
      process.terminate()
    }
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.hasPrefix("Listening at http://127.0.0.1:"))
    #expect(ending.errors.contains("model in int8: "))
    #expect(ending.errors.contains("Finishing what has begun"))
  }

  @Test func `serve names a directory that is no model`() async throws {
    let scratch = try Scratch()
    let ending = try await Child("deepseek", "serve", "--model", scratch.path("none")).run()
    #expect(ending.code == 1)
    #expect(ending.errors.hasSuffix("none: there is no such model directory.\n"))
  }
}
