package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.update.OneShotMasks;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.model.MaskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Prunes a stored network in one cut, without training: a safetensors file, one with shards, or an
 * ONNX file, of any program. Pruned weights become +0 in their type; all other bytes stay as they
 * are. Memory holds one tensor with its scores, and bits per prunable weight. Immutable.
 */
public final class OfflinePruner {
  /** Weights, scores, and twice the order by which LAMP scores. */
  private static final int BYTES_PER_WEIGHT_OF_LARGEST = 24;

  private final RunConfig config;
  private final List<String> include;
  private final List<String> exclude;
  private final Optional<Path> masks;

  private OfflinePruner(
      RunConfig config, List<String> include, List<String> exclude, Optional<Path> masks) {
    this.config = config;
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    this.masks = masks;
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
        PruneSettings.of(List.of(keys)), List.of(), List.of(), Optional.empty());
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
    return new OfflinePruner(config, globs, exclude, masks);
  }

  /** Leaves tensors dense whose names match one of the globs. */
  public OfflinePruner excluding(List<String> globs) {
    return new OfflinePruner(config, include, globs, masks);
  }

  /** Also writes the masks, in the form of {@link MaskFile}. */
  public OfflinePruner writingMasks(Path file) {
    return new OfflinePruner(config, include, exclude, Optional.of(file));
  }

  /** The same without anyone who hears of its progress. */
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
   * @throws InvalidConfigException if a glob matches no tensor, or nothing is left to prune
   */
  public PrunedNetwork prune(Path in, Path out, PruneProgress progress) throws IOException {
    NetworkFiles network = NetworkFiles.read(in);
    List<PrunableTensor> tensors = TensorChoice.of(include, exclude).among(network);
    List<ParameterShape> shapes = tensors.stream().map(PrunableTensor::shape).toList();
    List<Mask> kept = kept(tensors, shapes, progress);
    Map<Path, Map<String, Mask>> byFile = new LinkedHashMap<>();
    for (int p = 0; p < tensors.size(); p++) {
      byFile
          .computeIfAbsent(tensors.get(p).file(), file -> new LinkedHashMap<>())
          .put(tensors.get(p).span().name(), kept.get(p));
    }
    PrunedNetwork pruned = summary(network, tensors, kept);
    new NetworkWriter(network, byFile, pruned.sparsity(), progress)
        .write(out, () -> writeMasks(shapes, kept));
    return pruned;
  }

  private List<Mask> kept(
      List<PrunableTensor> tensors, List<ParameterShape> shapes, PruneProgress progress)
      throws IOException {
    TensorValues values = new TensorValues();
    long total = tensors.stream().mapToLong(each -> each.span().bytes()).sum();
    long[] read = {0};
    OneShotMasks masks = OneShotMasks.of(config.prune(), config.seed(), shapes);
    try {
      return masks.keep(
          p -> {
            float[] weights = values.readUnchecked(tensors.get(p));
            read[0] += tensors.get(p).span().bytes();
            progress.at(PruneProgress.Phase.SCORING, read[0], total);
            return weights;
          },
          roomForScores(shapes));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What is left of half the heap when the largest tensor has its share. */
  private static long roomForScores(List<ParameterShape> shapes) {
    long largest = shapes.stream().mapToLong(ParameterShape::size).max().orElse(0);
    return Math.max(
        0, Runtime.getRuntime().maxMemory() / 2 - largest * BYTES_PER_WEIGHT_OF_LARGEST);
  }

  private void writeMasks(List<ParameterShape> shapes, List<Mask> kept) throws IOException {
    if (masks.isPresent()) {
      MaskFile.write(
          masks.get(),
          MaskSet.of(
              MaskVersion.DENSE.next(),
              Layout.dense(shapes),
              shapes.stream().map(ParameterShape::id).toList(),
              kept));
    }
  }

  private static PrunedNetwork summary(
      NetworkFiles network, List<PrunableTensor> tensors, List<Mask> kept) throws IOException {
    List<PrunedTensor> pruned =
        IntStream.range(0, tensors.size())
            .mapToObj(
                p ->
                    new PrunedTensor(
                        tensors.get(p).span().name(),
                        tensors.get(p).span().type(),
                        tensors.get(p).span().dimensions(),
                        kept.get(p).size(),
                        kept.get(p).kept()))
            .toList();
    int all = network.files().stream().mapToInt(file -> file.tensors().size()).sum();
    return new PrunedNetwork(pruned, all - pruned.size(), network.bytes());
  }
}
