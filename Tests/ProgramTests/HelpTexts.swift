/// The help of each command, word for word as readers see it.
enum HelpTexts {
  /// The words that call a command, and what `--help` prints then.
  static let all: [(words: [String], text: String)] = [
    (["deepseek"], deepseek),
    (["deepseek", "train"], train),
    (["deepseek", "generate"], generate),
    (["deepseek", "chat"], chat),
    (["deepseek", "inspect"], inspect),
    (["deepseek", "tokenize"], tokenize),
    (["deepseek", "evaluate"], evaluate),
    (["deepseek", "describe"], describe),
    (["deepseek", "fine-tune"], fineTune),
    (["deepseek", "reason"], reason),
    (["deepseek", "distill"], distill),
    (["deepseek", "complete"], complete),
    (["deepseek", "quantize"], quantize),
    (["deepseek", "serve"], serve),
    (["benchmark"], benchmark),
    (["chapter-demo"], chapterDemo),
  ]

  private static let deepseek = """
    OVERVIEW: Train a language model, and use it.

    USAGE: deepseek <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      train                   Train a model and save it; without options a small V3,
                              on the built-in corpus.
      generate                Continue a text, or a list of tokens.
      chat                    Talk with a model; a base continues each line that you
                              type.
      inspect                 Show the loss of some tokens, their logits, and the
                              norm of each gradient.
      tokenize                Show the tokens of a text.
      evaluate                Measure how well a model predicts text that did not
                              train it.
      describe                Count the parameters of a model, its arithmetic and
                              its cache.
      fine-tune               Teach a base to answer, from conversations; without a
                              file from built-in ones.
      reason                  Teach a base to reason by reinforcement with rule
                              rewards alone, or take it through the stages of R1;
                              what is missing is made first.
      distill                 Teach a small dense student what a reasoning teacher
                              knows; what is missing of the two is trained first.
      complete                Fill in the middle between the two sides of a text,
                              such as code.
      quantize                Save a model with its weights in fewer bits.
      serve                   Serve a model on this machine, with the calls of
                              OpenAI's API.

      See 'deepseek help <subcommand>' for detailed help.

    """

  private static let train = """
    OVERVIEW: Train a model and save it; without options a small V3, on the built-in
    corpus.

    USAGE: deepseek train [--config <name|file>] [--data <file> ...] [--steps <n>]
           [--minutes <m>] [--out <dir>] [--resume <dir>] [--recipe <name>]
           [--fim-rate <share>] [--on-spike <action>] [--optimizer <rule>]
           [--rate <r>] [--precision <format>] [--batch <n>] [--length <n>]
           [--tokenizer <kind>] [--seed <n>] [--evaluate-every <n>]
           [--save-every <n>] [--threads <n>] [--json]

    OPTIONS:
      --config <name|file>    One of stories, small-v3, tiny-v3, shakespeare-v3,
                              small-dense, tiny, gpt, shakespeare, or a config.json.
                              (default: stories)
      --data <file>           A text in UTF-8: its first 90 % trains, the rest
                              validates. (default: the built-in corpus)
      --steps <n>             How many steps to take. (default: as the recipe or the
                              configuration says)
      --minutes <m>           Measure the speed, then choose the steps so that it
                              takes about so long.
      --out <dir>             The model directory to write. (default: a new one in
                              runs)
      --resume <dir>          Continue the run of a model directory.
      --recipe <name>         How DeepSeek-V3 was trained, in small: documents
                              packed without copies, its schedules, batches that
                              grow. (values: v3)
      --fim-rate <share>      With --recipe: the share of documents told as prefix,
                              suffix and middle. (default: 0.1)
      --on-spike <action>     What to do when the loss leaps: say so, stop, or go
                              back to the last save and leave out the batches since.
                              (default: warn) (values: warn, stop, rollback)
      --optimizer <rule>      What moves the weights. (default: as the configuration
                              says) (values: adamw, muon)
      --rate <r>              The highest learning rate; with muon, that of the
                              weights left to AdamW.
      --precision <format>    The numbers that a step multiplies; the weights are
                              kept and saved in 32 bits. (default: fp32) (values:
                              fp32, bf16, fp8)
      --batch <n>             The sequences of a batch.
      --length <n>            The tokens of a sequence.
      --tokenizer <kind>      bytes, bpe:N to learn N tokens, or a tokenizer.json.
                              (default: as the configuration says)
      --seed <n>              The seed of weights and batches. (default: 0)
      --evaluate-every <n>    Steps between two looks at the validation text.
                              (default: a tenth of all)
      --save-every <n>        Steps between two saves. (default: at every
                              evaluation)
      --threads <n>           How many threads work; the result does not depend on
                              it. (default: all cores)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  private static let generate = """
    OVERVIEW: Continue a text, or a list of tokens.

    USAGE: deepseek generate --model <dir> [--prompt <text>] [--tokens <ids>]
           [--max-new-tokens <n>] [--temperature <t>] [--top-p <p>] [--top-k <k>]
           [--seed <n>] [--speculative] [--json]

    OPTIONS:
      --model <dir>           The model directory.
      --prompt <text>         The text to continue.
      --tokens <ids>          The tokens to continue, as in 1,2,3.
      --max-new-tokens <n>    The most tokens to add. (default: as the model says,
                              else 256)
      --temperature <t>       What the logits are divided by; 0 takes the likeliest
                              token. (default: as the model says)
      --top-p <p>             The share of probability to draw from. (default: as
                              the model says)
      --top-k <k>             The number of likeliest tokens to draw from. (default:
                              as the model says)
      --seed <n>              The seed of the draws. (default: 0)
      --speculative           Let the prediction modules draft tokens, which the
                              model judges several at a time.
      --json                  Print the tokens of prompt and continuation as JSON.
      -h, --help              Show help information.

    """

  private static let chat = """
    OVERVIEW: Talk with a model; a base continues each line that you type.

    USAGE: deepseek chat --model <dir> [--system <text>] [--temperature <t>]
           [--seed <n>]

    OPTIONS:
      --model <dir>           The model directory.
      --system <text>         What the model is told before the conversation.
      --temperature <t>       What the logits are divided by; 0 takes the likeliest
                              token. (default: as the model says)
      --seed <n>              The seed of the draws. (default: 0)
      -h, --help              Show help information.

    """

  private static let inspect = """
    OVERVIEW: Show the loss of some tokens, their logits, and the norm of each
    gradient.

    USAGE: deepseek inspect --model <dir> --tokens <ids> [--logits] [--gradients]
           [--json]

    OPTIONS:
      --model <dir>           The model directory.
      --tokens <ids>          The tokens, as in 1,2,3.
      --logits                Show the logits of every position.
      --gradients             Show the length of every weight's gradient.
      --json                  Print JSON; with neither of the flags above,
                              everything.
      -h, --help              Show help information.

    """

  private static let tokenize = """
    OVERVIEW: Show the tokens of a text.

    USAGE: deepseek tokenize --model <dir> [--text <text>] [--file <file>] [--json]

    OPTIONS:
      --model <dir>           The model directory, or any directory with a
                              tokenizer.json.
      --text <text>           The text.
      --file <file>           A file with the text, in UTF-8.
      --json                  Print the ids and the text that they decode to as
                              JSON.
      -h, --help              Show help information.

    """

  private static let evaluate = """
    OVERVIEW: Measure how well a model predicts text that did not train it.

    USAGE: deepseek evaluate --model <dir> [--data <file> ...] [--json]

    OPTIONS:
      --model <dir>           The model directory.
      --data <file>           A text in UTF-8, of which the last 10 % are measured,
                              as in training. (default: the text that trained the
                              model)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  private static let describe = """
    OVERVIEW: Count the parameters of a model, its arithmetic and its cache.

    USAGE: deepseek describe [--json] [--cluster] [--gpu <name>] [--gpus <n>]
           [--days <d>] [--tokens <n>] [--budget <dollars>] [--rent <dollars>]
           [--mfu <share>] <model>

    ARGUMENTS:
      <model>                 A named configuration, such as stories or deepseek-v3,
                              a model directory, or a config.json.

    OPTIONS:
      --json                  Print the numbers as JSON.
      --cluster               Say instead what it would take to train and to serve
                              the model.
      --gpu <name>            Only with --cluster: the cards. (default: h800)
                              (values: h800, h100, h200, a100, b200)
      --gpus <n>              Only with --cluster: how many. (default: 2048)
      --days <d>              Only with --cluster: as many as finish within some
                              days, instead.
      --tokens <n>            Only with --cluster: the tokens to train on. (default:
                              14.8e12)
      --budget <dollars>      Only with --cluster: as many tokens as this pays for,
                              instead.
      --rent <dollars>        Only with --cluster: what a card costs an hour.
                              (default: 2)
      --mfu <share>           Only with --cluster: the share of the peak in 16 bits
                              that is used. (default: V3's, 0.39)
      -h, --help              Show help information.

    """

  private static let complete = """
    OVERVIEW: Fill in the middle between the two sides of a text, such as code.

    USAGE: deepseek complete --model <dir> [--prefix <text>] [--suffix <text>]
           [--max-new-tokens <n>] [--temperature <t>] [--seed <n>] [--json]

    OPTIONS:
      --model <dir>           The model directory.
      --prefix <text>         What stands before the middle.
      --suffix <text>         What stands behind it.
      --max-new-tokens <n>    The most tokens of the middle. (default: 64)
      --temperature <t>       What the logits are divided by; 0 takes the likeliest
                              token. (default: 0)
      --seed <n>              The seed of the draws. (default: 0)
      --json                  Print the middle and its tokens as JSON.
      -h, --help              Show help information.

    """

  private static let quantize = """
    OVERVIEW: Save a model with its weights in fewer bits.

    USAGE: deepseek quantize --model <dir> [--format <format>] [--group <n>]
           [--asymmetric] [--out <dir>] [--json]

    OPTIONS:
      --model <dir>           The model directory.
      --format <format>       The form of the matrices. (values: int8, int4, fp8,
                              bf16, fp32; default: int8)
      --group <n>             How many neighbouring integers share a scale.
                              (default: 32)
      --asymmetric            Give each group of integers a zero point of its own.
      --out <dir>             The directory to write. (default: the model's name and
                              the format)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  private static let serve = """
    OVERVIEW: Serve a model on this machine, with the calls of OpenAI's API.

    USAGE: deepseek serve --model <dir> [--host <address>] [--port <n>]
           [--name <name>] [--format <format>] [--cache <cache>] [--active <n>]
           [--waiting <n>] [--connections <n>] [--cache-megabytes <n>]
           [--speculative] [--token <secret>] [--seed <n>]

    OPTIONS:
      --model <dir>           The model directory.
      --host <address>        The address to listen at; 0.0.0.0 lets other machines
                              in. (default: 127.0.0.1)
      --port <n>              The port; 0 takes any that is free. (default: 8080)
      --name <name>           The name that clients use. (default: that of the
                              directory)
      --format <format>       The form of the weights in memory. (default: as
                              stored) (values: int8, int4, fp8, bf16, fp32)
      --cache <cache>         The form of the cache. (values: fp32, bf16, int8;
                              default: bf16)
      --active <n>            The most texts that are written together. (default:
                              16)
      --waiting <n>           The most requests that wait. (default: 256)
      --connections <n>       The most clients at a time. (default: 128)
      --cache-megabytes <n>   The memory of the cache. (default: 256)
      --speculative           Let the first prediction module draft a token for each
                              text and step.
      --token <secret>        What clients must show as Authorization: Bearer.
                              (default: the variable DEEPSEEK_TOKEN, if set)
      --seed <n>              The seed of calls that bring none. (default: 0)
      -h, --help              Show help information.

    """
}
