package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.NonFiniteScoresException;
import io.espalier.masks.update.OneShotMasks;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.model.MaskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Prunes a stored network in one cut, without training: a safetensors file, one with shards, or an
 * ONNX file, of any program. Pruned weights become +0 in their type; all other bytes stay as they
 * are. Memory holds one tensor with its scores, the next one, and bits per prunable weight.
 *
 * <p>A {@link #calibrated} pruner runs the network on examples, for scores, allocations and refits
 * that look at activations or gradients; memory then holds the network. Kept weights, biases and
 * norms change where a refit changes them. Immutable.
 */
public final class OfflinePruner {
  private final RunConfig config;
  private final List<String> include;
  private final List<String> exclude;
  private final Optional<Path> masks;
  private final Optional<Calibration> calibration;

  private OfflinePruner(
      RunConfig config,
      List<String> include,
      List<String> exclude,
      Optional<Path> masks,
      Optional<Calibration> calibration) {
    this.config = config;
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    this.masks = masks;
    this.calibration = calibration;
  }

  /**
   * A pruner of all tensors that can be pruned: of F32, F16 or BF16 values and two or more axes.
   *
   * @param keys of a recipe that are not the defaults, as HOCON: {@code prune.score=lamp}, {@code
   *     prune.sparsity=90%}, {@code prune.granularity="2:4"}, {@code seed=7}
   * @throws InvalidConfigException listing everything that is wrong
   */
  public static OfflinePruner of(String... keys) {
    return new OfflinePruner(
        PruneSettings.of(List.of(keys)), List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  /**
   * A pruner that also measures: of a model that Espalier wrote, or an ONNX file that it can
   * import. It keeps and refits what a run would whose only update is at step 0, with one trainer
   * and this file as {@code model.weights} or {@code model.file}, to the same bits.
   *
   * @param keys as those of {@link #of}, also {@code prune.refit} and channels; methods whose
   *     {@code batches} are left at their default measure on all examples of the calibration
   * @throws InvalidConfigException listing everything that is wrong
   */
  public static OfflinePruner calibrated(Calibration calibration, String... keys) {
    return new OfflinePruner(
        PruneSettings.calibrated(List.of(keys)),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of(calibration));
  }

  /**
   * The file that names a stored network: the given one, or that in a directory.
   *
   * @throws MalformedFileException if a directory holds none, or two
   */
  public static Path source(Path named) throws MalformedFileException {
    return NetworkFiles.source(named);
  }

  /** Whether a source is an index of shards, of which a directory is written. */
  public static boolean isIndex(Path source) {
    return NetworkFiles.isIndex(source);
  }

  /** Prunes only tensors whose names match one of the globs; an empty list stands for all. */
  public OfflinePruner including(List<String> globs) {
    return new OfflinePruner(config, globs, exclude, masks, calibration);
  }

  /** Leaves tensors dense whose names match one of the globs. */
  public OfflinePruner excluding(List<String> globs) {
    return new OfflinePruner(config, include, globs, masks, calibration);
  }

  /** Also writes the masks, in the form of {@link MaskFile}. */
  public OfflinePruner writingMasks(Path file) {
    return new OfflinePruner(config, include, exclude, Optional.of(file), calibration);
  }

  /** Prunes without reporting its progress. */
  public PrunedNetwork prune(Path in, Path out) throws IOException {
    return prune(in, out, (phase, done, total) -> {});
  }

  /**
   * Prunes {@code in} and writes {@code out}: a file that replaces what is there, or a new
   * directory where {@code in} has shards. A failure leaves no output. The same input gives the
   * same bytes.
   *
   * @param in a file, an index of shards, or a directory with either as {@code model.safetensors}
   * @throws MalformedFileException if the input breaks a rule of its format
   * @throws InvalidConfigException if a glob matches no tensor, nothing is left to prune, or the
   *     score is not a finite number for each weight
   */
  public PrunedNetwork prune(Path in, Path out, PruneProgress progress) throws IOException {
    NetworkFiles network = NetworkFiles.read(in);
    List<PrunableTensor> chosen = TensorChoice.of(include, exclude).among(network);
    PruneOutcome outcome = outcome(network, chosen, progress);
    PrunedNetwork pruned = summary(network, outcome);
    new NetworkWriter(network, outcome, pruned.sparsity(), progress)
        .write(out, () -> writeMasks(outcome));
    return pruned;
  }

  private PruneOutcome outcome(
      NetworkFiles network, List<PrunableTensor> chosen, PruneProgress progress)
      throws IOException {
    try {
      return calibration.isPresent()
          ? new CalibratedPruning(network, config, calibration.get(), progress).of(chosen)
          : byWeights(chosen, progress);
    } catch (NonFiniteScoresException e) {
      throw InvalidConfigException.of(
          "score",
          "must be a score that is finite for these weights: score=%s, %s; the weights are too large or too small for it: choose another, as magnitude, or leave such tensors dense (--exclude)"
              .formatted(config.prune().ranking().score(), e.getMessage()));
    }
  }

  private PruneOutcome byWeights(List<PrunableTensor> tensors, PruneProgress progress)
      throws IOException {
    List<ParameterShape> shapes = tensors.stream().map(PrunableTensor::shape).toList();
    long total = tensors.stream().mapToLong(each -> each.span().bytes()).sum();
    long[] read = {0};
    OneShotMasks masks = OneShotMasks.of(config.prune(), config.seed(), shapes);
    try (TensorReadAhead reader = new TensorReadAhead(tensors)) {
      List<Mask> kept =
          masks.keep(
              p -> {
                float[] weights = reader.read(p);
                read[0] += tensors.get(p).span().bytes();
                progress.at(PruneProgress.Phase.SCORING, read[0], total);
                return weights;
              });
      return new PruneOutcome(tensors, kept, Map.of(), Map.of());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void writeMasks(PruneOutcome outcome) throws IOException {
    if (masks.isPresent()) {
      List<ParameterShape> shapes = outcome.shapes();
      MaskFile.write(
          masks.get(),
          MaskSet.of(
              MaskVersion.DENSE.next(),
              Layout.dense(shapes),
              shapes.stream().map(ParameterShape::id).toList(),
              outcome.kept()));
    }
  }

  private static PrunedNetwork summary(NetworkFiles network, PruneOutcome outcome)
      throws IOException {
    List<PrunedTensor> pruned =
        IntStream.range(0, outcome.tensors().size()).mapToObj(outcome::pruned).toList();
    int all = network.files().stream().mapToInt(file -> file.tensors().size()).sum();
    return new PrunedNetwork(pruned, all - pruned.size(), network.bytes());
  }
}
