package io.espalier.trainer.data;

import io.espalier.trainer.network.ImageShape;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The format of a data set's examples.
 *
 * @param columns names of a table's inputs; empty for images
 * @param encoding of a table, of images that are read from files, or of text
 * @param normalization of both sets, computed from the training examples only
 */
public record DataFormat(
    ImageShape input,
    List<String> columns,
    Optional<InputEncoding> encoding,
    List<String> classNames,
    Normalization normalization) {
  public DataFormat {
    columns = List.copyOf(columns);
    classNames = List.copyOf(classNames);
    if (classNames.size() < 2 || Set.copyOf(classNames).size() < classNames.size()) {
      throw new IllegalArgumentException(
          "classes must be 2 or more, each with a name of its own: classNames=" + classNames);
    }
  }

  /** Numbers that no encoding makes. */
  public DataFormat(
      ImageShape input,
      List<String> columns,
      List<String> classNames,
      Normalization normalization) {
    this(input, columns, Optional.empty(), classNames, normalization);
  }
}
