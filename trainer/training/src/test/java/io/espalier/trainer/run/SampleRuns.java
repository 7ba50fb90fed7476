package io.espalier.trainer.run;

import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.WhenDiskFull;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.annealing.Temperature;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.network.RecipeLayers;
import io.espalier.trainer.prepare.PreparedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Small runs on the bundled digits, one parameter away from each other. */
public final class SampleRuns {
  public static final MaskConfig HARD = Kinds.HARD;
  public static final MaskConfig SOFT = Kinds.soft(2e-4);
  public static final MaskConfig ANNEALED =
      Kinds.annealed(0.5, Temperature.Shape.COSINE, new Span.Percent(15));
  public static final OptimizerConfig SGD = new OptimizerConfig.Sgd(0.9, 1e-4);
  public static final OptimizerConfig NESTEROV = new OptimizerConfig.Sgd(0.9, true, 1e-4);
  public static final OptimizerConfig ADAM = new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 1e-4);
  public static final OptimizerConfig ADAMW = new OptimizerConfig.AdamW(0.9, 0.999, 1e-8, 0.05);
  public static final ModelConfig.Architecture MLP = new ModelConfig.Mlp(List.of(32, 16));
  public static final ModelConfig.Architecture RESNET = new ModelConfig.ResNet(8, 4);
  public static final ModelConfig.Architecture BRANCHES = new ModelConfig.Layers(branches());
  public static final ModelConfig.Architecture GROUP_NORMS = new ModelConfig.Layers(groupNorms());
  public static final ModelConfig.Architecture MOBILENET = new ModelConfig.MobileNet(8);
  public static final ModelConfig.Architecture VISION =
      new ModelConfig.TinyVit(2, 3, 8, 2, 16, ModelConfig.Pooling.MEAN);
  public static final MemberSettings GRADUAL =
      MemberSettings.of("cubic")
          .with("begin", new Span.Percent(10))
          .with("end", new Span.Percent(60))
          .with("updates", 8)
          .with("initial", 0.0)
          .with("continue", Optional.empty())
          .with("freeze", Optional.empty());

  private SampleRuns() {}

  /** A network with branches, norms on images and on vectors, and a grouped convolution. */
  private static List<Named> branches() {
    LayerConfig relu = RecipeLayers.of("relu");
    return List.of(
        named("conv", convolution(8, 1), "input"),
        named("norm1", RecipeLayers.of("batch-norm"), "conv"),
        named("wide", convolution(8, 4), "norm1"),
        named("pool", RecipeLayers.pool("max-pool", 3, 1, 1), "norm1"),
        named("concat", RecipeLayers.of("concat"), "wide", "pool"),
        named("relu1", relu, "concat"),
        named("half", RecipeLayers.pool("average-pool", 2, 2, 0), "relu1"),
        named("flatten", RecipeLayers.of("flatten"), "half"),
        named("fc", RecipeLayers.linear(24, false), "flatten"),
        named("norm2", RecipeLayers.of("batch-norm"), "fc"),
        named("act", RecipeLayers.of("hard-swish"), "norm2"),
        named("output", RecipeLayers.linear(RecipeLayers.CLASSES, true), "act"));
  }

  /** Norms over groups, and over all of a vector, but none with running statistics. */
  private static List<Named> groupNorms() {
    LayerConfig relu = RecipeLayers.of("relu");
    return List.of(
        named("conv1", convolution(12, 1), "input"),
        named("norm1", RecipeLayers.groupNorm(6), "conv1"),
        named("relu1", relu, "norm1"),
        named("conv2", convolution(8, 1), "relu1"),
        named("norm2", RecipeLayers.groupNorm(4), "conv2"),
        named("relu2", relu, "norm2"),
        named("half", RecipeLayers.pool("max-pool", 2, 2, 0), "relu2"),
        named("flatten", RecipeLayers.of("flatten"), "half"),
        named("fc1", RecipeLayers.linear(24, false), "flatten"),
        named("norm3", RecipeLayers.of("layer-norm"), "fc1"),
        named("relu3", relu, "norm3"),
        named("fc2", RecipeLayers.linear(20, false), "relu3"),
        named("norm4", RecipeLayers.groupNorm(5), "fc2"),
        named("relu4", relu, "norm4"),
        named("output", RecipeLayers.linear(RecipeLayers.CLASSES, true), "relu4"));
  }

  private static LayerConfig convolution(int outputs, int groups) {
    return RecipeLayers.convolution(outputs, 3, 1, 1, groups, false);
  }

  private static Named named(String name, LayerConfig layer, String... from) {
    return new Named(name, layer, List.of(from));
  }

  public static PreparedRun prepared(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      int trainers,
      int epochs) {
    return prepare(config(model, optimizer, mask, GRADUAL, 0.9, trainers, epochs));
  }

  public static PreparedRun prepare(RunConfig config) {
    return PreparedRun.of(config, DataHome.of(Path.of("no-home")));
  }

  /** The same run with smoothed labels and a clip norm that most gradients exceed. */
  public static RunConfig aided(RunConfig config) {
    TrainConfig train = config.train();
    return new RunConfig(
        config.name(),
        config.seed(),
        config.data(),
        config.model(),
        new TrainConfig(
            train.epochs(),
            Optional.empty(),
            train.trainers(),
            train.syncEvery(),
            train.evaluateEvery(),
            train.checkpointEvery(),
            train.keepCheckpoints(),
            train.maxRestarts(),
            train.progressTimeout(),
            train.whenDiskFull(),
            train.optimizer(),
            train.learningRate(),
            0.1,
            Optional.of(0.5)),
        config.prune());
  }

  /** The same run with another objective and step rules, as {@code lines} of a recipe name them. */
  public static RunConfig guided(RunConfig config, String lines) {
    TrainConfig train =
        new RecipeLoader()
            .parse("sample", "data = digits, model = lenet-5, train {" + lines + "}", List.of())
            .config()
            .train();
    return with(config, train.objective(), train.rules());
  }

  public static RunConfig with(
      RunConfig config, MemberSettings objective, List<MemberSettings> rules) {
    TrainConfig train = config.train();
    return new RunConfig(
        config.name(),
        config.seed(),
        config.data(),
        config.model(),
        new TrainConfig(
            train.epochs(),
            train.samples(),
            train.trainers(),
            train.syncEvery(),
            train.evaluateEvery(),
            train.checkpointEvery(),
            train.keepCheckpoints(),
            train.maxRestarts(),
            train.progressTimeout(),
            train.whenDiskFull(),
            train.optimizer(),
            train.learningRate(),
            train.labelSmoothing(),
            train.clipNorm(),
            train.keep(),
            train.stopEarly(),
            train.norms(),
            objective,
            rules,
            train.freeze(),
            train.execution(),
            train.engine()),
        config.prune());
  }

  /** A run that prunes half of the multiply-accumulates away by channels. */
  public static RunConfig channels(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      CuttingConfig cutting,
      int trainers,
      int epochs) {
    return channels(model, optimizer, mask, NormScaling.NONE, cutting, trainers, epochs);
  }

  /** The same, with norms behind what reads them scaled. */
  public static RunConfig channels(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      NormScaling norms,
      CuttingConfig cutting,
      int trainers,
      int epochs) {
    RunConfig weights = config(model, optimizer, mask, GRADUAL, 0.5, trainers, epochs);
    PruneConfig prune = weights.prune();
    return new RunConfig(
        weights.name(),
        weights.seed(),
        weights.data(),
        weights.model(),
        weights.train(),
        new PruneConfig(
            prune.sparsity(),
            new GranularityConfig.Channel(
                new BudgetConfig.Macs(),
                new ChannelScoring(
                    GranularityConfig.Reduction.L2,
                    GranularityConfig.Reduction.L2,
                    ChannelScoring.Members.ALL,
                    ChannelScoring.Signs.EACH,
                    ChannelScoring.Normalisation.MEAN),
                new ChannelLimits(0.9, 1, 1),
                norms,
                cutting),
            prune.score(),
            prune.allocation(),
            prune.selection(),
            prune.minKeep(),
            List.of(),
            prune.schedule(),
            mask,
            prune.regrowth()));
  }

  /** The same run with another score and allocation. */
  public static RunConfig choosing(
      RunConfig config, MemberSettings score, MemberSettings allocation) {
    PruneConfig prune = config.prune();
    return new RunConfig(
        config.name(),
        config.seed(),
        config.data(),
        config.model(),
        config.train(),
        new PruneConfig(
            prune.sparsity(),
            prune.granularity(),
            score,
            allocation,
            prune.selection(),
            prune.minKeep(),
            prune.exclude(),
            prune.schedule(),
            prune.mask(),
            prune.regrowth()));
  }

  /** The same run with other channels. */
  public static RunConfig of(RunConfig config, Scope scope) {
    PruneConfig prune = config.prune();
    GranularityConfig.Channel channel = (GranularityConfig.Channel) prune.granularity();
    return new RunConfig(
        config.name(),
        config.seed(),
        config.data(),
        config.model(),
        config.train(),
        new PruneConfig(
            prune.sparsity(),
            new GranularityConfig.Channel(
                scope,
                channel.budget(),
                channel.scoring(),
                channel.limits(),
                channel.norms(),
                channel.cutting()),
            prune.score(),
            prune.allocation(),
            prune.selection(),
            prune.minKeep(),
            prune.exclude(),
            prune.schedule(),
            prune.mask(),
            prune.regrowth()));
  }

  /** Cuts channels that have been pruned for so many steps. */
  public static CuttingConfig live(long settle) {
    return new CuttingConfig(CuttingConfig.When.LIVE, new Span.Steps(settle));
  }

  public static RunConfig config(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      MemberSettings schedule,
      double sparsity,
      int trainers,
      int epochs) {
    return new RunConfig(
        "sample",
        7,
        new DataConfig(new DataConfig.Digits(0.2), 32, 0.1),
        new ModelConfig(model),
        new TrainConfig(
            epochs,
            Optional.empty(),
            trainers,
            new Span.Steps(5),
            Optional.of(new Span.Epochs(1)),
            new Span.Epochs(1),
            2,
            2,
            Duration.ofSeconds(60),
            WhenDiskFull.STOP,
            optimizer,
            new LearningRateConfig.Cosine(
                optimizer instanceof OptimizerConfig.Sgd ? 0.05 : 0.005, 0, new Span.Steps(0)),
            0,
            Optional.empty()),
        new PruneConfig(
            sparsity,
            GranularityConfig.WEIGHT,
            Kinds.score(mask),
            MemberSettings.of("global").with("normalize", "none").with("sentinel", 0.5),
            MemberSettings.of("free"),
            0.005,
            List.of(),
            schedule,
            mask,
            MemberSettings.of("none")));
  }
}
