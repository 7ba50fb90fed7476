package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.DIGESTS;
import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.HEADER;
import static io.espalier.configs.recipe.Notation.PATH;
import static io.espalier.configs.recipe.Notation.SEPARATOR;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.URL;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.ImageConfig;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.TableConfig;
import io.espalier.configs.TextConfig;
import io.espalier.configs.VocabularyConfig;
import io.espalier.configs.plugin.PluginKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The registry of data sources: one line per source. */
final class DataFamilies {
  static final Family<DataConfig> DATA =
      Family.<DataConfig>named("data")
          .with("fashion-mnist", s -> data(s, DataFamilies::fashionMnist))
          .with("digits", s -> data(s, DataFamilies::digits))
          .with("csv", s -> data(s, DataFamilies::csv))
          .with("idx", s -> data(s, DataFamilies::idx))
          .with("images", s -> data(s, DataFamilies::images))
          .with("text", s -> data(s, DataFamilies::text))
          .with("labelled-text", s -> data(s, DataFamilies::labelledText))
          .with("kafka", s -> data(s, KafkaReader::kafka))
          .plugins(
              PluginKind.DATA,
              (s, own) -> data(s, custom -> new DataConfig.Custom(own)),
              "batch-size",
              "validation",
              "augmentation",
              "only-classes");

  static final Family<DataConfig.ChannelOrder> CHANNELS =
      Family.of("channels", DataConfig.ChannelOrder.class);

  static final Family<VocabularyConfig> VOCABULARY =
      Family.<VocabularyConfig>named("vocabulary")
          .with("characters", s -> new VocabularyConfig.Characters())
          .with("bytes", s -> new VocabularyConfig.Bytes())
          .with("tokenizer", DataFamilies::tokenizer)
          .shorthand("(.+\\.json)", "tokenizer", "path");

  private static final Family<ImageConfig.Fit> FIT = Family.of("fit", ImageConfig.Fit.class);

  private static final Family<ImageConfig.Colour> COLOUR =
      Family.of("colour", ImageConfig.Colour.class);

  private DataFamilies() {}

  private static DataConfig data(
      Section data, Function<Section, ? extends DataConfig.Source> source) {
    return new DataConfig(
        data.part(source),
        data.value("batch-size", WHOLE),
        data.value("validation", SHARE),
        data.block("augmentation", DataFamilies::augmentation),
        data.given("only-classes", TEXT.list()));
  }

  private static AugmentationConfig augmentation(Section augmentation) {
    return new AugmentationConfig(
        augmentation.value("flip", FLAG), augmentation.value("crop", WHOLE));
  }

  private static DataConfig.FashionMnist fashionMnist(Section data) {
    return new DataConfig.FashionMnist(data.optional("path", PATH), mirror(data));
  }

  private static DataConfig.Idx idx(Section data) {
    Optional<Path> path = data.optional("path", PATH);
    Optional<MirrorConfig> mirror = mirror(data);
    boolean isSomewhere = path.isPresent() || mirror.isPresent();
    if (!isSomewhere && data.at("path").or(() -> data.at("url")).isEmpty()) {
      data.note(
          "path", "path must be given: a directory of IDX files; or url and sha256 to fetch them");
    }
    return new DataConfig.Idx(
        isSomewhere ? path : Optional.of(Path.of("")),
        mirror,
        data.optional("sha256", DIGESTS).orElse(Map.of()),
        data.value("classes", TEXT.list()),
        CHANNELS.read(data, "channels"),
        data.value("test", SHARE));
  }

  private static DataConfig.Images images(Section data) {
    return new DataConfig.Images(
        data.required("path", PATH, "a directory with one folder of images per class", Path.of("")),
        data.value("test", SHARE),
        new ImageConfig(
            data.required(
                "size",
                WHOLE.oneOrMore(),
                "the side of the network's input in pixels, as 32, or [height, width]",
                List.of(1)),
            FIT.read(data, "fit"),
            COLOUR.read(data, "colour")));
  }

  private static TextConfig.Text text(Section data) {
    int context = data.value("context", WHOLE);
    return new TextConfig.Text(
        data.optional("path", PATH),
        VOCABULARY.read(data, "vocabulary"),
        context,
        data.optional("stride", WHOLE).orElse(context),
        data.value("test", SHARE));
  }

  private static VocabularyConfig tokenizer(Section vocabulary) {
    return new VocabularyConfig.Tokenizer(
        vocabulary.required("path", PATH, "a tokenizer.json", Path.of("")));
  }

  private static TextConfig.LabelledText labelledText(Section data) {
    Optional<String> text = data.optional("text", TEXT);
    Optional<String> label = data.optional("label", TEXT);
    if (text.isPresent() != label.isPresent()) {
      data.note(
          text.isPresent() ? "label" : "text",
          "text and label must both be given, the columns of a CSV file, or neither for a folder: text=%s, label=%s"
              .formatted(text.orElse("none"), label.orElse("none")));
    }
    Optional<Character> separator = data.given("separator", SEPARATOR);
    return new TextConfig.LabelledText(
        data.optional("path", PATH),
        text.isPresent() && label.isPresent()
            ? Optional.of(new TextConfig.TextColumns(text.get(), label.get(), separator))
            : Optional.empty(),
        VOCABULARY.read(data, "vocabulary"),
        data.value("context", WHOLE),
        testSet(data));
  }

  private static Optional<MirrorConfig> mirror(Section data) {
    boolean allowHttp = data.value("allow-http", FLAG);
    return data.optional("url", URL).map(url -> new MirrorConfig(url, allowHttp));
  }

  private static DataConfig.Digits digits(Section data) {
    return new DataConfig.Digits(data.value("test", SHARE));
  }

  private static DataConfig.Csv csv(Section csv) {
    return new DataConfig.Csv(
        csv.required("path", PATH, "a CSV file with a header row", Path.of("")),
        csv.required("label", TEXT, "the name or the index of the column to predict", ""),
        testSet(csv),
        table(csv));
  }

  private static TableConfig table(Section csv) {
    return new TableConfig(
        csv.given("columns", TEXT.list()),
        csv.given("ignore", TEXT.list()),
        csv.given("text", TEXT.list()),
        csv.given("missing", TEXT.list()),
        csv.given("separator", SEPARATOR),
        csv.given("header", HEADER),
        csv.given("categories", WHOLE));
  }

  private static DataConfig.TestSet testSet(Section csv) {
    Optional<Path> file = csv.optional("test-path", PATH);
    if (file.isPresent() && csv.at("test").isPresent()) {
      csv.note(
          "test",
          "test and test-path must not both be given: %s, %s"
              .formatted(csv.shown("test"), csv.shown("test-path")));
    }
    return file.<DataConfig.TestSet>map(DataConfig.TestSet.File::new)
        .orElseGet(() -> new DataConfig.TestSet.Share(csv.value("test", SHARE)));
  }
}
