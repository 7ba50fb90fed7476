package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.custom.CustomCode;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import io.espalier.trainer.data.Dataset;
import java.util.Map;

/** The registry of data sources: how each source of a recipe is read. */
public final class Datasets {
  private static final Map<Class<? extends DataConfig.Source>, Loader> REGISTRY =
      Map.of(
          DataConfig.FashionMnist.class,
          (source, seed, home) -> FashionMnist.load((DataConfig.FashionMnist) source, home),
          DataConfig.Digits.class,
          (source, seed, home) -> Digits.load((DataConfig.Digits) source, seed),
          DataConfig.Csv.class,
          (source, seed, home) -> CsvData.load((DataConfig.Csv) source, seed),
          DataConfig.Custom.class,
          (source, seed, home) -> custom((DataConfig.Custom) source, seed));

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
    Loader loader = REGISTRY.get(data.source().getClass());
    if (loader == null) {
      throw new IllegalStateException(
          "every source must be registered: kind=" + data.source().kind());
    }
    return loader.load(data.source(), seed, home);
  }

  private static Dataset custom(DataConfig.Custom source, long seed) {
    DataProvider provider =
        CustomMembers.installed().require(CustomFamily.DATA, source.settings(), DataProvider.class);
    return CustomCode.of(provider)
        .prepare("load its examples", () -> provider.load(source.settings(), seed))
        .named(source.kind());
  }
}
