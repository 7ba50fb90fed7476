package io.espalier.trainer.data;

import io.espalier.trainer.network.ImageShape;
import java.util.List;

/** How raw data become a network's inputs. Stored with the model as JSON. */
public sealed interface InputEncoding permits TableEncoding, ImageEncoding, TextEncoding {
  /** The inputs that it gives. */
  ImageShape shape();

  /**
   * Throws {@link IllegalArgumentException} if it does not give these inputs.
   *
   * @param columns names of a table's inputs; empty for other data
   */
  default void requireFit(ImageShape input, List<String> columns) {
    if (!columns.isEmpty() || !input.equals(shape())) {
      throw new IllegalArgumentException(
          "an encoding must give the network's inputs: inputs=%s, columns=%d, encoded=%s"
              .formatted(input, columns.size(), shape()));
    }
  }

  String toJson();

  /** Reads untrusted {@link #toJson}; throws {@link IllegalArgumentException} if it is invalid. */
  static InputEncoding parse(String json) {
    if (TextEncoding.isOne(json)) {
      return TextEncoding.parse(json);
    }
    return ImageEncoding.isOne(json) ? ImageEncoding.parse(json) : TableEncoding.parse(json);
  }
}
