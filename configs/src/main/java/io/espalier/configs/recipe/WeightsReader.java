package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.text.Notation.PATH;
import static io.espalier.configs.recipe.text.Notation.TEXT;
import static io.espalier.configs.recipe.text.Notation.TEXT_BY_NAME;

import com.typesafe.config.ConfigObject;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.recipe.text.Section;
import java.nio.file.Path;
import java.util.Optional;

/** Reads where a model's first values are stored: a bare path, or a block with a file. */
final class WeightsReader {
  private static final String KEY = "weights";

  private WeightsReader() {}

  static Optional<WeightsConfig> read(Section model) {
    return model.at(KEY).filter(ConfigObject.class::isInstance).isPresent()
        ? Optional.of(model.block(KEY, WeightsReader::weights))
        : model.optional(KEY, PATH).map(WeightsConfig::of);
  }

  private static WeightsConfig weights(Section weights) {
    return new WeightsConfig(
        weights.required("file", PATH, "a safetensors file", Path.of("")),
        weights.optional("sha256", TEXT),
        weights.value("names", TEXT_BY_NAME),
        weights.value("transpose", TEXT.list()),
        weights.value("ignore", TEXT.list()),
        weights.value("draw", TEXT.list()));
  }
}
