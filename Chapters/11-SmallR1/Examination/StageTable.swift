import RL

/// The table of stages over several seeds: each mark of each model with its mean and an interval
/// of 95 % (Student's t).
public struct StageTable: Codable, Sendable, Equatable {
  /// A mark of one model.
  public struct Cell: Codable, Sendable, Equatable {
    /// The mark of each seed.
    public let seeds: [Double]
    /// Their mean and its interval; nil for one seed.
    public let interval: SeedInterval?

    /// The mean.
    public var mean: Double { seeds.average { $0 } }
  }

  /// A mark of all models.
  public struct Row: Codable, Sendable, Equatable {
    /// Its name.
    public let mark: String
    /// One for each model, in the order of the table.
    public let cells: [Cell]
  }

  /// The models: the base, and one for each stage.
  public let models: [String]
  /// The marks.
  public let rows: [Row]

  /// The marks of a table: name, whether it is a share, and where it stands.
  public static let marks:
    [(name: String, isShare: Bool, of: @Sendable (StageMarks) -> Double)] =
      [
        ("accuracy", true, { $0.accuracy }), ("pass@1", true, { $0.passAt1 }),
        ("cons@8", true, { $0.consensus }), ("consistency", true, { $0.consistency }),
        ("readable", true, { $0.readable }), ("breadth", true, { $0.breadth }),
        ("win rate", true, { $0.winRate }), ("value", false, { $0.value }),
        ("tokens", false, { $0.length }),
      ]

  /// Joins the marks of some seeds.
  /// - Parameter seeds: for each seed the marks of each model, the base first.
  public init(_ seeds: [[StageMarks]], models: [String]? = nil) {
    let names = models ?? ["base"] + Stage.allCases.map(\.model)
    self.models = names
    rows = Self.marks.map { mark in
      Row(
        mark: mark.name,
        cells: names.indices.map { model in
          let numbers = seeds.map { mark.of($0[model]) }
          return Cell(
            seeds: numbers,
            interval: numbers.count > 1 ? SeedInterval(numbers, isShare: mark.isShare) : nil)
        })
    }
  }

  /// A mark of a model by their names.
  public subscript(mark: String, model: String) -> Cell? {
    guard let column = models.firstIndex(of: model) else { return nil }
    return rows.first { $0.mark == mark }?.cells[column]
  }
}
