/// The help of the programs beside `deepseek`.
extension HelpTexts {
  static let benchmark = """
    OVERVIEW: Measure kernels, training and decoding, beside what the processor can
    do.

    USAGE: benchmark [--only <prefix>] [--peer <file>] [--threads <n>] [--json]

    OPTIONS:
      --only <prefix>         Measure only the rows of this name, or those that
                              begin so.
      --peer <file>           Lines of JSON that other programs printed, to compare
                              with.
      --threads <n>           How many threads training uses. (default: all cores)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  static let chapterDemo = """
    OVERVIEW: Show what a chapter is about; without a topic, list them.

    USAGE: chapter-demo [--figures <dir>] [--seed <n>] [--long] [--schedule <name>]
           [--ranks <n>] [--micro-batches <n>] [--costs <f,b,w,pair>] [--json]
           [<topic>]

    ARGUMENTS:
      <topic>                 What to show, by name or by the number of its chapter.
                              (values: tensors, attention, mla, moe, mtp, fp8,
                              dualpipe, rl, distillation, small-v3, small-r1, code,
                              serving, full-scale)

    OPTIONS:
      --figures <dir>         Write the figures (SVG) and the numbers (JSON) into a
                              folder.
      --seed <n>              The seed of everything random. (default: 0)
      --long                  Run the chapter's long experiment instead: many
                              minutes.
      --schedule <name>       Only with dualpipe: show this schedule, by default
                              dualpipe itself. (values: gpipe, 1f1b, interleaved,
                              zb1p, zb-h2, chimera, dualpipe, dualpipev)
      --ranks <n>             Only with dualpipe: how many ranks work. (default: 8)
      --micro-batches <n>     Only with dualpipe: how many micro-batches a step has.
                              (default: 20)
      --costs <f,b,w,pair>    Only with dualpipe: how long a forward pass takes, a
                              backward pass, the part of it for the weights, and a
                              pair. (default: 1,2,1,3)
      --json                  Only with dualpipe: print the schedule as JSON.
      -h, --help              Show help information.

    """
}
