import LanguageModels

extension Setting {
  /// Every key, in the order in which configurations are written.
  public static let all: [Setting] = [
    .choice("method", \.method, "what is optimised"),
    .optionalChoice("combiner", \.combiner, "how both gradients become one; the method's own by default"),
    .optionalChoice("objective", \.objective, "the forget objective; the method's own by default"),
    .optionalChoice("retain-objective", \.retainObjective, "the retain objective; the method's own by default"),
    .optionalReal(
      "retain-weight", \.retainWeight, 0...1e6, absent: "auto", "α of the combiner difference, α·g_R − γ·g_F"),
    .optionalReal(
      "forget-weight", \.forgetWeight, 0...1e6, absent: "auto",
      "γ of it; 1 − α where only α is given and the method's own are such shares"),
    .optionalReal("beta", \.beta, 1e-9...1e6, absent: "auto", "β of the objective; its publication's by default"),
    .real("beta-2", \.beta2, 0...1e6, "β₂ of satimp"),
    .real("delta", \.delta, -1e6...1e6, "δ of simnpo"),
    .real("ascent-weight", \.ascentWeight, 0...1e6, "λ of self-distillation: weight of bounded ascent beside it"),
    .real("steering-coefficient", \.steeringCoefficient, 0...1e9, "c of rmu"),
    .optionalWhole(
      "activation-layer", \.activationLayer, 0...4095,
      "layer of rmu and of the retain objective activations; 7, or the model's last, by default"),
    .real("kl-share", \.klShare, 0...1, "share of KL in the retain objective kl+nll"),
    .real("retain-limit", \.retainLimit, 0...1e6, "retain loss above which primal-dual raises its weight"),
    .choice("scope", \.scope, "what one step's gradient is taken over"),
    .optionalReal(
      "forget-bound", \.forgetBound, 0...1e6, absent: "none",
      "mean loss at which a forget row counts as forgotten and is let go"),
    .whole("unseen-rows", \.unseenRows, 1...100_000, "documents of --unseen whose loss is followed"),
    .whole("unseen-period", \.unseenPeriod, 1...1_000_000, "steps between taking their loss"),
    .optionalWhole(
      "retain-prior", \.retainPrior, 0...100,
      "tokens of context by which the retain set tells labels, at most; so far they are not forgotten; 0: all are"),
    .flag("match-retain", \.matchesRetain, "draw retain rows of the task and kind of the forget rows (scope batch)"),
    .optionalWhole("forget-chunk", \.forgetChunk, 1...10_000_000, "forget rows taken together before the next ones"),
    .optionalWhole("chunk-epochs", \.chunkEpochs, 1...1_000_000, "passes over a chunk"),
    .optionalWhole("retain-ratio", \.retainRatio, 1...1000, "retain rows for each forget row"),
    .optionalReal(
      "clip-norm", \.clipNorm, 1e-9...1e9, absent: "auto", infinite: "none",
      "clip each batch's gradient to this norm; 1 with scope dataset and to memorise by default, else none"),
    .optionalReal(
      "max-grad-norm", \.maximumGradientNorm, 1e-9...1e9, absent: "none",
      "clip the combined gradient of a step, both sets in it, to this norm before the optimiser"),
    .optionalReal("learning-rate", \.learningRate, 1e-12...1e3, absent: "auto", "a number, or auto"),
    .optionalChoice("auto-lr", \.autoLearningRate, "how an automatic learning rate is found"),
    .real("initial-learning-rate", \.initialLearningRate, 1e-12...1e3, "where an automatic learning rate starts"),
    .whole("auto-lr-period", \.autoPeriod, 1...1_000_000, "steps between fits"),
    .real("auto-lr-minimum", \.guardRails.minimum, 0...1e3, "lower bound of an automatic learning rate"),
    .real("auto-lr-maximum", \.guardRails.maximum, 1e-12...1e3, "upper bound of an automatic learning rate"),
    .real("auto-lr-smoothing", \.guardRails.smoothing, 0...0.999, "share of the old rate in the new one"),
    .real(
      "auto-lr-flat", \.guardRails.flatness, 0...1,
      "share of the retain budget; a probe that moves the loss by less doubles the rate"),
    .list(
      "auto-lr-candidates", \.candidates, "three different numbers above 0, or more", least: 3,
      "candidate rates of eq11", show: { String($0) },
      read: { Double($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }),
    .choice("schedule", \.schedule, "shape of the learning rate over the run"),
    .whole("warmup-steps", \.warmupSteps, 0...1_000_000, "steps over which the learning rate rises"),
    .choice("optimizer", \.optimizer, "base optimiser"),
    .real("weight-decay", \.weightDecay, 0...10, "decoupled weight decay"),
    .optionalWhole("steps", \.steps, 0...10_000_000, "number of steps; overrides epochs"),
    .optionalWhole(
      "epochs", \.epochs, 0...1_000_000,
      "passes over the forget set, or over all rows to memorise; by default eight, more where that is under 120 steps, one of sugd, and 30 to memorise"
    ),
    .optionalDuration("time-budget", \.timeBudget, "time after which to stop, with the adapter written"),
    .optionalReal(
      "until-forget-loss", \.untilForgetLoss, 0...1e6, absent: "none", "stop when the forget loss reaches this"),
    .optionalReal(
      "until-regurgitation", \.untilRegurgitation, 0...1, absent: "none",
      "stop when greedy continuations of forget rows have no more of them than this (ROUGE-L recall)"),
    .whole("regurgitation-rows", \.regurgitationRows, 1...100_000, "forget rows that are continued for it"),
    .whole("regurgitation-period", \.regurgitationPeriod, 1...1_000_000, "steps between looking"),
    .optionalReal(
      "until-training-loss", \.untilTrainingLoss, 0...1e6, absent: "none",
      "stop when an epoch's training loss falls to this (memorise; there 0.02 by default)"),
    .optionalReal(
      "retain-budget", \.retainBudget, 0...1e6, absent: "none",
      "relative rise of the retain loss at which a step is rolled back"),
    .real("retain-budget-slack", \.retainBudgetSlack, 0...1e6, "nats a token that it may rise beyond that"),
    .whole("retain-budget-rows", \.retainBudgetRows, 1...100_000, "retain rows that the budget is measured on"),
    .flag(
      "retain-budget-held-out", \.holdsBudgetOut,
      "keep these rows out of training, where the set is large enough; false: the budget is of the retain set itself"),
    .whole("retain-budget-strikes", \.retainBudgetStrikes, 1...1_000_000, "rolled-back steps that end the run"),
    .choice("tuning", \.tuning, "which parameters are trained"),
    .optionalWhole("rank", \.rank, 1...16384, "LoRA rank; hidden size / 32 by default"),
    .optionalReal("alpha", \.alpha, 1e-6...1e6, absent: "auto", "LoRA alpha; twice the rank by default"),
    .list(
      "target-modules", \.targetModules, "some of \(LoRAConfiguration.allProjections.joined(separator: ", "))",
      "projections that get LoRA factors", show: { $0 },
      read: { LoRAConfiguration.allProjections.contains($0) ? $0 : nil }),
    .optionalWhole(
      "last-layers", \.lastLayers, 1...4096, "how many layers last-k trains; 4, or all of the model's, by default"),
    .whole("batch-size", \.batchSize, 1...100_000, "rows of each set in one step"),
    .whole("max-length", \.maximumLength, 2...1_000_000, "tokens at which a row is cut"),
    .choice("label-scope", \.labelScope, "which tokens carry labels"),
    .text("separator", \.separator, "text between input and output"),
    .optionalText(
      "prompt-template", \.promptTemplate, expected: "a text with {input} in it", containing: "{input}",
      "what the model is asked of a row, in place of the input alone; the separator follows"),
    .flag("append-eos", \.appendsEndOfText, "end each retain row, or row to memorise, with EOS"),
    .whole("tokens-per-pass", \.tokensPerPass, 1...1_000_000, "tokens packed into one pass; bounds memory"),
    .flag(
      "activation-checkpointing", \.checkpointsActivations,
      "run each layer again in the backward pass: less memory, a third more time"),
    .choice(
      "kernels", \.kernels, "what computes the layers; composed, of LibTorch's operators, is there to check ours"),
    .whole("seed", \.seed, 0...Int.max, "seed of everything random"),
    .optionalChoice("dtype", \.dtype, "dtype of the computation; bfloat16 where the machine has it in hardware"),
    .optionalWhole("threads", \.threads, 1...4096, "threads; all cores by default"),
    .word("device", \.device, ["cpu"], "where to compute; cpu alone in this version"),
    .path("output", \.output, "run folder to make, where the command line names none"),
    .path("resume", \.resume, "run folder to go on with, where the command line names none"),
    .whole("checkpoint-every", \.checkpointEvery, 0...10_000_000, "steps between checkpoints; 0 for none"),
    .flag("evaluate", \.evaluates, "evaluate before and after"),
    .whole(
      "evaluate-rows", \.evaluationRows, 1...10_000_000,
      "about so many rows of each set, documents a side and MMLU questions in the evaluation; at least one of each kind"
    ),
    .whole("max-new-tokens", \.maximumNewTokens, 1...100_000, "tokens generated for a row in the evaluation"),
    .flag("reveal-forget-text", \.revealsForgetText, "allow forget-set text in the evaluation's files"),
  ]
}
