package io.espalier.trainer.data;

import io.espalier.configs.DataConfig;
import io.espalier.trainer.network.ImageShape;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The format of a network's examples; a label is an index of a class name.
 *
 * @param source decides how labels of files are numbered and where channels are
 * @param columns names of a table's inputs; empty for images
 * @param encoding how rows of a table or image files become inputs; empty if they are numbers
 */
public record DataContract(
    DataConfig.Source source,
    ImageShape input,
    List<String> columns,
    Optional<InputEncoding> encoding,
    List<String> classNames,
    Normalization normalization) {
  public DataContract {
    columns = List.copyOf(columns);
    classNames = List.copyOf(classNames);
    if (!columns.isEmpty() && !input.equals(new ImageShape(1, 1, columns.size()))) {
      throw new IllegalArgumentException(
          "a table's input must have one value per column: input=%s, columns=%d"
              .formatted(input, columns.size()));
    }
    if (encoding.isPresent()) {
      encoding.get().requireFit(input, columns);
    }
    if (classNames.size() < 2 || Set.copyOf(classNames).size() < classNames.size()) {
      throw new IllegalArgumentException(
          "classes must be 2 or more, each with a name of its own: classNames=" + classNames);
    }
    if (input.size() % normalization.groups() != 0) {
      throw new IllegalArgumentException(
          "a normalization's groups must divide the features: groups=%d, input=%s"
              .formatted(normalization.groups(), input));
    }
  }

  /** Images, or a table of numbers. */
  public DataContract(
      DataConfig.Source source,
      ImageShape input,
      List<String> columns,
      List<String> classNames,
      Normalization normalization) {
    this(source, input, columns, Optional.empty(), classNames, normalization);
  }

  /** Returns the format for examples of other classes. */
  public DataContract ofClasses(List<String> names) {
    return new DataContract(source, input, columns, encoding, names, normalization);
  }

  /** The encoding of a table; throws {@link IllegalStateException} for images. */
  public TableEncoding table() {
    if (columns.isEmpty()) {
      throw new IllegalStateException("only tables have an encoding: input=" + input);
    }
    return encoding
        .filter(TableEncoding.class::isInstance)
        .map(TableEncoding.class::cast)
        .orElseGet(() -> TableEncoding.ofNumbers(columns));
  }

  /** Whether a network learns the next tokens of a text. */
  public boolean continuesText() {
    return isText() && !text().labelled();
  }

  /** Whether its examples are tokens of texts. */
  public boolean isText() {
    return encoding.filter(TextEncoding.class::isInstance).isPresent();
  }

  /** The encoding of text; throws {@link IllegalStateException} for other examples. */
  public TextEncoding text() {
    return encoding
        .filter(TextEncoding.class::isInstance)
        .map(TextEncoding.class::cast)
        .orElseThrow(() -> new IllegalStateException("only text has one: input=" + input));
  }

  /** The encoding of image files; empty for tables, and for images that are read as numbers. */
  public Optional<ImageEncoding> images() {
    return encoding.filter(ImageEncoding.class::isInstance).map(ImageEncoding.class::cast);
  }

  /** The format that other examples must have to be trained on together with a data set. */
  public static DataContract of(Dataset dataset, DataConfig.Source source) {
    return new DataContract(
        source,
        dataset.input(),
        dataset.columns(),
        dataset.encoding(),
        dataset.classNames(),
        dataset.normalization());
  }
}
