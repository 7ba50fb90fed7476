package io.espalier.trainer.model;

import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.network.ImageShape;
import java.util.List;

/**
 * What a model file says of its network beside the weights.
 *
 * @param codeVersion version of the program that wrote it
 * @param recipe text of the resolved recipe
 * @param model kind of the network, as a recipe spells it
 * @param data kind of the data, as a recipe spells it
 * @param dataDigest SHA-256 of the data
 * @param columns names of a table's numeric columns; empty for images
 * @param classNames name of each class, in the order of the outputs
 * @param normalization that inputs must go through
 * @param input shape of one example
 * @param maskVersion number of mask updates behind it
 * @param sparsity share of prunable units that is pruned
 */
public record ModelDescription(
    String codeVersion,
    String recipe,
    String model,
    String data,
    String dataDigest,
    List<String> columns,
    List<String> classNames,
    Normalization normalization,
    ImageShape input,
    int maskVersion,
    double sparsity) {
  public ModelDescription {
    columns = List.copyOf(columns);
    classNames = List.copyOf(classNames);
  }
}
