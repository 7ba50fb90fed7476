package io.espalier.trainer.data.source;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.Dataset;
import java.util.Map;
import java.util.Optional;

/** The registry of data sources: how each source of a recipe is read. */
public final class Datasets {
  private static final Map<Class<? extends DataConfig.Source>, Loader> REGISTRY =
      Map.of(
          DataConfig.FashionMnist.class,
          (source, seed, home) -> FashionMnist.load((DataConfig.FashionMnist) source, seed, home),
          DataConfig.Digits.class,
          (source, seed, home) -> Digits.load((DataConfig.Digits) source, seed),
          DataConfig.Csv.class,
          (source, seed, home) -> CsvData.load((DataConfig.Csv) source, seed),
          DataConfig.Idx.class,
          (source, seed, home) -> IdxSource.load((DataConfig.Idx) source, seed, home));

  /** Reads one kind of source. */
  private interface Loader {
    Dataset load(DataConfig.Source source, long seed, DataHome home);
  }

  private Datasets() {}

  /**
   * Reads the examples that a recipe names.
   *
   * @param seed decides which examples a share for the test draws
   * @throws InvalidConfigException if the source is unknown, missing, damaged or not usable
   */
  public static Dataset load(DataConfig data, long seed, DataHome home) {
    Dataset dataset = read(data, seed, home);
    requireImages(data.augmentation(), dataset);
    return dataset;
  }

  private static Dataset read(DataConfig data, long seed, DataHome home) {
    return Optional.ofNullable(REGISTRY.get(data.source().getClass()))
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "data.kind",
                    "must be a built-in source: kind="
                        + data.source().kind()
                        + "; a source of one's own cannot be read yet"))
        .load(data.source(), seed, home);
  }

  private static void requireImages(AugmentationConfig augmentation, Dataset dataset) {
    if (!augmentation.equals(AugmentationConfig.NONE) && !dataset.columns().isEmpty()) {
      throw InvalidConfigException.of(
          "data.augmentation",
          "must be left away for a table: only images can be flipped and cropped: augmentation="
              + augmentation);
    }
    if (augmentation.crop() >= Math.min(dataset.input().height(), dataset.input().width())) {
      throw InvalidConfigException.of(
          "data.augmentation.crop",
          "must be below height and width of the images: crop=%d, images=%s"
              .formatted(augmentation.crop(), dataset.input()));
    }
  }
}
