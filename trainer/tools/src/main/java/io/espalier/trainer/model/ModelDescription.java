package io.espalier.trainer.model;

import io.espalier.configs.DataConfig;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.sync.ValidationRecord.Score;
import java.util.List;
import java.util.Optional;

/**
 * The metadata of a model file.
 *
 * @param sparsity share of prunable units that is pruned
 * @param network as executed; empty in old files, which use the recipe's network
 * @param wholeNetwork before any cut; empty where {@code network} is
 * @param best step and validation score of the best state of a run; empty in its final one
 */
public record ModelDescription(
    ModelOrigin origin,
    ModelFormat format,
    int maskVersion,
    double sparsity,
    Optional<Network> network,
    Optional<Network> wholeNetwork,
    Optional<Score> best) {
  public ModelDescription {
    int classes = format.classNames().size();
    network.ifPresent(present -> requireFit(present, format.input(), classes));
    wholeNetwork.ifPresent(present -> requireFit(present, format.input(), classes));
  }

  /** The run that wrote the file. */
  public record ModelOrigin(
      String codeVersion, String recipe, String model, String data, String dataDigest) {}

  /**
   * Describes what the network reads and how it answers.
   *
   * @param columns names of a table's inputs; empty for images
   * @param encoding how rows or image files become inputs; empty for other data and old files
   * @param classNames in the order of the outputs
   */
  public record ModelFormat(
      List<String> columns,
      Optional<InputEncoding> encoding,
      List<String> classNames,
      Normalization normalization,
      ImageShape input) {
    public ModelFormat {
      columns = List.copyOf(columns);
      classNames = List.copyOf(classNames);
      if (encoding.isPresent()) {
        encoding.get().requireFit(input, columns);
      }
    }

    /** The format of examples that are read from {@code source}. */
    public DataContract contract(DataConfig.Source source) {
      return new DataContract(source, input, columns, encoding, classNames, normalization);
    }
  }

  private static void requireFit(Network network, ImageShape input, int classes) {
    if (!network.input().equals(input) || network.outputs() != classes) {
      throw new IllegalArgumentException(
          "a network must take the input and give the classes that the file names: network=%s to %d, input=%s, classes=%d"
              .formatted(network.input(), network.outputs(), input, classes));
    }
  }
}
