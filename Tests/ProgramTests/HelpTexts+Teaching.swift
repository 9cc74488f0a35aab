/// The help of the commands that teach a model what it does not do by itself.
extension HelpTexts {
  static let fineTune = """
    OVERVIEW: Teach a base to answer, from conversations; without a file from
    built-in ones.

    USAGE: deepseek fine-tune [--model <dir>] [--data <file> ...]
           [--conversations <n>] [--template <form>] [--epochs <n>] [--batch <n>]
           [--rate-share <s>] [--out <dir>] [--resume <dir>] [--seed <n>]
           [--threads <n>] [--json]

    OPTIONS:
      --model <dir>           The model directory of the base.
      --data <file>           JSON lines, each {"messages":
                              [{"role": …, "content": …}, …]}. (default: built-in
                              conversations)
      --conversations <n>     How many built-in conversations to make. (default:
                              3000)
      --template <form>       The form of a conversation. (default: as the tokenizer
                              has it, else v3) (values: v3, r1, coder-v2)
      --epochs <n>            How often each conversation is seen. (default: 2)
      --batch <n>             The rows of a batch, each of one conversation or
                              several. (default: 8)
      --rate-share <s>        The highest rate, as a share of that of the base.
                              (default: 0.2)
      --out <dir>             The model directory to write. (default: a new one in
                              runs)
      --resume <dir>          Continue the run of a directory.
      --seed <n>              The seed of conversations and their order. (default:
                              0)
      --threads <n>           How many threads work; the result does not depend on
                              it. (default: all cores)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  static let reason = """
    OVERVIEW: Teach a base to reason by reinforcement with rule rewards alone, or
    take it through the stages of R1; what is missing is made first.

    USAGE: deepseek reason [--stage <stage>] [--task <task>] [--base <dir>]
           [--out <dir>] [--resume <dir>] [--updates <n>] [--minutes <m>]
           [--base-steps <n>] [--rate <r>] [--prompts <n>] [--samples <n>]
           [--method <method>] [--normalizer <rule>] [--format-weight <w>]
           [--language-weight <w>] [--penalty <b>] [--refresh <n>] [--patience <n>]
           [--problems <n>] [--probes] [--ignore-gates] [--seed <n>] [--threads <n>]
           [--json]

    OPTIONS:
      --stage <stage>         How far to go: zero is reinforcement on the base
                              itself; each later stage makes those before it, if
                              they are missing, in a setting with two languages.
                              (default: zero) (values: zero, cold-start, reasoning,
                              rejection, all-scenarios, all)
      --task <task>           What is asked: the last digit of sums of digits,
                              products of two digits by two, or sums in two
                              languages, as all stages but zero do. (default: sums)
                              (values: sums, products, languages)
      --base <dir>            The model to start from. (default: a new one, trained
                              for some minutes)
      --out <dir>             The directory to write, with the best policy in best
                              or each stage's in its own. (default: a new one in
                              runs)
      --resume <dir>          Continue the run of a directory.
      --updates <n>           The most updates, of each stage. (default: 100; for
                              stages as the chapter has them)
      --minutes <m>           Stop the updates after about so long.
      --base-steps <n>        The steps of a new base. (default: 2000, or 1400 for
                              two languages)
      --rate <r>              The learning rate. (default: 3e-05)
      --prompts <n>           The questions of an update. (default: 32)
      --samples <n>           The responses to each question. (default: 16)
      --method <method>       A published method, with the objective of its paper.
                              (default: the book's choice) (values: grpo, dr-grpo,
                              dapo, ppo, ppo-full)
      --normalizer <rule>     What the tokens of a response are divided by.
                              (default: constant) (values: constant, sequence,
                              group, batch)
      --format-weight <w>     What thinking in the right form is paid, against 1 for
                              a right answer. (default: 0)
      --language-weight <w>   What a thought in the question's language is paid from
                              the stage reasoning on. (default: 0.5)
      --penalty <b>           The weight of the penalty for leaving the base.
                              (default: 0)
      --refresh <n>           The updates after which the penalty counts from the
                              present policy. (default: 0, never)
      --patience <n>          The looks without a better policy that end a run; 0
                              never. (default: 6)
      --problems <n>          The held-out problems of each kind, before and after.
                              (default: 500)
      --probes                Ask in other ways too: what is a thought worth, whole,
                              cut short or false? After all stages: how is a reward
                              model hacked, and what are more samples and longer
                              thoughts worth?
      --ignore-gates          Do not ask first whether the base has anything that
                              could be reinforced.
      --seed <n>              The seed of base, prompts and samples. (default: 0)
      --threads <n>           How many threads work; the result does not depend on
                              it. (default: all cores)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """

  static let distill = """
    OVERVIEW: Teach a small dense student what a reasoning teacher knows; what is
    missing of the two is trained first.

    USAGE: deepseek distill [--teacher <dir>] [--student <name|dir>]
           [--method <method>] [--out <dir>] [--resume <dir>] [--tokens <n>]
           [--minutes <m>] [--samples <n>] [--sequences <n>] [--rate <r>]
           [--on-policy <l>] [--beta <b>] [--temperature <t>] [--patience <n>]
           [--student-steps <n>] [--teacher-steps <n>] [--teacher-updates <n>]
           [--problems <n>] [--seed <n>] [--threads <n>] [--json]

    OPTIONS:
      --teacher <dir>         The model that teaches. (default: a new one, trained
                              as by reason)
      --student <name|dir>    One of qwen-14k, qwen-37k, llama-79k, qwen-189k,
                              qwen-290k, llama-566k, whose base is trained first, or
                              the directory of a base. (default: qwen-189k)
      --method <method>       What the student learns from: text, distributions, or
                              rewards alone. (default: sequence) (values: sequence,
                              forward, reverse, on-policy, reinforcement)
      --out <dir>             The directory to write; the best student is in best
                              below it. (default: a new one in runs)
      --resume <dir>          Continue the run of a directory.
      --tokens <n>            The most tokens that give the student a gradient.
                              (default: 100000)
      --minutes <m>           Stop the student's steps after about so long.
      --samples <n>           The right responses of the teacher to learn from.
                              (default: 4096)
      --sequences <n>         The texts of a step; reinforcement asks half as many
                              questions. (default: 64)
      --rate <r>              The learning rate; reinforcement takes three tenths of
                              it. (default: a tenth of the base's)
      --on-policy <l>         The share of on-policy steps whose text the student
                              writes. (default: 0.5)
      --beta <b>              The teacher's part in the mixture of on-policy steps.
                              (default: 0.5)
      --temperature <t>       What both models' logits are divided by. (default: 1)
      --patience <n>          The looks without a better student that end a run; 0
                              never. (default: 8)
      --student-steps <n>     The steps of the student's base. (default: 1000)
      --teacher-steps <n>     The steps of a new teacher's base. (default: those of
                              reason)
      --teacher-updates <n>   The updates of a new teacher. (default: those of
                              reason)
      --problems <n>          The held-out problems of each kind, before and after.
                              (default: 500)
      --seed <n>              The seed of both models, texts and samples. (default:
                              0)
      --threads <n>           How many threads work; the result does not depend on
                              it. (default: all cores)
      --json                  Print the result as JSON.
      -h, --help              Show help information.

    """
}
