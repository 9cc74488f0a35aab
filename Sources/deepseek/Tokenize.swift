import Checkpoints
import CommandLine
import Foundation
import Text

/// `deepseek tokenize`: text to tokens, and back to be sure.
struct Tokenize: Command {
  static let name = "tokenize"
  static let overview = "Show the tokens of a text."

  var model = URL(fileURLWithPath: ".")
  var text: String?
  var file: URL?
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true,
        "The model directory, or any directory with a tokenizer.json."),
      .option("text", \.text, placeholder: "text", "The text."),
      .option("file", \.file, placeholder: "file", "A file with the text, in UTF-8."),
      .flag("json", \.json, "Print the ids and the text that they decode to as JSON."),
    ]
  }

  func validate() throws {
    if (text == nil) == (file == nil) { throw UsageError("Give either --text or --file.") }
  }

  func run() throws {
    let tokenizer = try Tokenizer(directory: model)
    let ids = tokenizer.encode(try text ?? contents())
    if json {
      let members: JSONValue = [
        "ids": .array(ids.map { .integer($0) }), "decoded": .string(tokenizer.decode(ids)),
      ]
      return Console.print(members.text(isIndented: false))
    }
    for id in ids {
      Console.print("\(id)\t\(JSONValue.string(tokenizer.piece(of: id)).text())")
    }
  }

  private func contents() throws -> String {
    guard let file else { return "" }
    guard let data = try? Data(contentsOf: file) else {
      throw Failure("\(file.relativePath) cannot be read.")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure("\(file.relativePath) is not a text in UTF-8.")
    }
    return text
  }
}
