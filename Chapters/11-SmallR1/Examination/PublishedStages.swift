/// What DeepSeek published of its own stages.
///
/// Paper: DeepSeek-R1 (Nature), Table 3.
public enum PublishedStages {
  /// One benchmark.
  public struct Row: Sendable, Equatable {
    /// Its name.
    public let benchmark: String
    /// The scores of R1-Zero, Dev1, Dev2, Dev3 and R1.
    public let scores: [Double]
  }

  /// All benchmarks of the table, as `Stage.allCases` has the models.
  public static let rows: [Row] = [
    Row(benchmark: "MMLU", scores: [88.8, 89.1, 91.2, 91.0, 90.8]),
    Row(benchmark: "MMLU-Pro", scores: [68.9, 74.1, 83.8, 83.1, 84.0]),
    Row(benchmark: "DROP", scores: [89.1, 89.8, 91.1, 88.7, 92.2]),
    Row(benchmark: "IF-Eval", scores: [46.6, 71.7, 72.0, 78.1, 83.3]),
    Row(benchmark: "GPQA Diamond", scores: [75.8, 66.1, 70.7, 71.2, 71.5]),
    Row(benchmark: "SimpleQA", scores: [30.3, 17.8, 28.2, 24.9, 30.1]),
    Row(benchmark: "AlpacaEval 2.0", scores: [24.7, 50.1, 55.8, 62.1, 87.6]),
    Row(benchmark: "ArenaHard", scores: [53.6, 77.0, 73.2, 75.6, 92.3]),
    Row(benchmark: "LiveCodeBench", scores: [50.0, 57.5, 63.5, 64.6, 65.9]),
    Row(benchmark: "Codeforces rating", scores: [1444, 1534, 1687, 1746, 2029]),
    Row(benchmark: "SWE-Verified", scores: [43.2, 39.6, 44.6, 45.6, 49.2]),
    Row(benchmark: "Aider-Polyglot", scores: [12.2, 6.7, 25.6, 44.8, 53.3]),
    Row(benchmark: "AIME 2024", scores: [77.9, 59.0, 74.0, 78.1, 79.8]),
    Row(benchmark: "MATH-500", scores: [95.9, 94.2, 95.9, 95.4, 97.3]),
    Row(benchmark: "CNMO 2024", scores: [88.1, 58.0, 73.9, 77.3, 78.8]),
    Row(benchmark: "C-Eval", scores: [92.8, 85.7, 91.9, 86.4, 91.8]),
  ]
}
