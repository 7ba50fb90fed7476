package io.espalier.trainer.data.source;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.TextConfig;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.trainer.data.ClassCoverage;
import io.espalier.trainer.data.ClassSubset;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import java.util.List;
import java.util.Map;

/** The registry of data sources: the loader of each source of a recipe. */
public final class Datasets {
  private static final Map<Class<? extends DataConfig.Source>, Loader> REGISTRY =
      Map.of(
          DataConfig.FashionMnist.class,
          (source, seed, home) -> FashionMnist.load((DataConfig.FashionMnist) source, seed, home),
          DataConfig.Digits.class,
          (source, seed, home) -> Digits.load((DataConfig.Digits) source, seed),
          DataConfig.Csv.class,
          (source, seed, home) -> CsvData.load((DataConfig.Csv) source, seed, home),
          DataConfig.Idx.class,
          (source, seed, home) -> IdxData.load((DataConfig.Idx) source, seed, home),
          DataConfig.Images.class,
          (source, seed, home) -> ImageData.load((DataConfig.Images) source, seed, home),
          TextConfig.Text.class,
          (source, seed, home) -> TextData.load((TextConfig.Text) source),
          TextConfig.LabelledText.class,
          (source, seed, home) ->
              LabelledTextData.load((TextConfig.LabelledText) source, seed, home),
          KafkaConfig.class,
          (source, seed, home) -> refuseStream((KafkaConfig) source),
          DataConfig.Custom.class,
          (source, seed, home) -> custom((DataConfig.Custom) source, seed));

  /** Sources whose files are read in the encoding of a network. */
  private static final Map<Class<? extends DataConfig.Source>, EncodedLoader> ENCODED =
      Map.of(
          DataConfig.Csv.class,
          (source, seed, home, contract) ->
              CsvData.load((DataConfig.Csv) source, seed, home, contract),
          DataConfig.Images.class,
          (source, seed, home, contract) ->
              ImageData.load((DataConfig.Images) source, seed, home, contract),
          TextConfig.Text.class,
          (source, seed, home, contract) -> TextData.load((TextConfig.Text) source, contract),
          TextConfig.LabelledText.class,
          (source, seed, home, contract) ->
              LabelledTextData.load((TextConfig.LabelledText) source, seed, home, contract));

  private interface Loader {
    Dataset load(DataConfig.Source source, long seed, DataHome home);
  }

  private interface EncodedLoader {
    Dataset load(DataConfig.Source source, long seed, DataHome home, DataContract contract);
  }

  private Datasets() {}

  public static Dataset load(DataConfig data, long seed, DataHome home) {
    Dataset dataset = ClassSubset.of(read(data, seed, home), data.onlyClasses());
    requireImages(data.augmentation(), dataset);
    ClassCoverage.ofTest(dataset).forEach(home.listener()::noticed);
    return dataset;
  }

  /**
   * Reads the data of a network that is trained: a table or images in the network's encoding,
   * whatever the files' own would be.
   */
  public static Dataset load(DataConfig data, long seed, DataHome home, DataContract contract) {
    EncodedLoader loader = ENCODED.get(data.source().getClass());
    if (loader == null || contract.encoding().isEmpty()) {
      return load(data, seed, home);
    }
    if (data.onlyClasses().isEmpty()) {
      return loader.load(data.source(), seed, home, contract);
    }
    List<String> all = read(data, seed, home).classNames();
    return ClassSubset.of(
        loader.load(data.source(), seed, home, contract.ofClasses(all)), data.onlyClasses());
  }

  /** All of a text that a network did not train on, as training examples and as test set. */
  public static Dataset whole(TextConfig.Text text, DataContract contract, String name) {
    return TextData.whole(text, contract, name);
  }

  private static Dataset read(DataConfig data, long seed, DataHome home) {
    Loader loader = REGISTRY.get(data.source().getClass());
    if (loader == null) {
      throw new IllegalStateException(
          "every source must be registered: kind=" + data.source().kind());
    }
    return loader.load(data.source(), seed, home);
  }

  private static Dataset custom(DataConfig.Custom source, long seed) {
    DataProvider provider =
        PluginRegistry.require(PluginKind.DATA, source.settings(), DataProvider.class);
    return PluginGuard.of(provider)
        .prepare("load its examples", () -> provider.load(source.settings(), seed))
        .named(source.kind());
  }

  private static Dataset refuseStream(KafkaConfig source) {
    throw InvalidConfigException.of(
        "data.kind",
        "must be data that are all there, not a stream: kind=%s, topic=%s; a stream is only trained on, with espalier train, and its network works on files: espalier predict, or evaluate --data-path"
            .formatted(source.kind(), source.topic()));
  }

  public static void requireImages(AugmentationConfig augmentation, Dataset dataset) {
    boolean images = dataset.columns().isEmpty() && !dataset.isText();
    if (!augmentation.equals(AugmentationConfig.NONE) && !images) {
      throw InvalidConfigException.of(
          "data.augmentation",
          "must be left away for a table or a text: only images can be flipped and cropped:"
              + " augmentation="
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
