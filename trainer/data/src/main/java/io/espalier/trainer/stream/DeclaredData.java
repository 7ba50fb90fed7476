package io.espalier.trainer.stream;

import io.espalier.configs.KafkaConfig;
import io.espalier.trainer.data.DataFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.source.Vocabularies;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.util.Collections;
import java.util.List;

/** The data that a stream declares, as a data set without examples. */
public final class DeclaredData {
  private DeclaredData() {}

  /**
   * Reads the tokenizer that texts name.
   *
   * @throws io.espalier.configs.InvalidConfigException if it cannot be read
   */
  public static Dataset of(KafkaConfig stream) {
    return stream.content() instanceof KafkaConfig.Texts texts
        ? ofTexts(stream, texts)
        : ofNumbers(stream, (KafkaConfig.Numbers) stream.content());
  }

  private static Dataset ofNumbers(KafkaConfig stream, KafkaConfig.Numbers numbers) {
    List<Integer> shape = numbers.shape();
    ImageShape input = new ImageShape(shape.get(0), shape.get(1), shape.get(2));
    Examples none = Examples.none(input.size());
    return new Dataset(
        stream.kind(),
        none,
        none,
        new DataFormat(input, numbers.columns(), numbers.classes(), normalization(numbers)),
        digest(stream, numbers));
  }

  private static Dataset ofTexts(KafkaConfig stream, KafkaConfig.Texts texts) {
    Tokens tokens = Vocabularies.ofStream(texts.vocabulary(), texts.labelled());
    TextEncoding encoding = new TextEncoding(tokens, texts.context(), texts.labelled());
    String digest = Sha256.ofText(stream + encoding.toJson());
    if (texts.labelled()) {
      Examples none = Examples.none(texts.context());
      return Dataset.ofLabelledText(stream.kind(), none, none, encoding, texts.classes(), digest);
    }
    Examples none = Examples.ofWindows(new int[0], new int[0], texts.context());
    return Dataset.ofText(
        stream.kind(), none, none, encoding, texts.charactersPerToken().orElseThrow(), digest);
  }

  /** Is that of earlier versions, whose runs may be resumed. */
  private static String digest(KafkaConfig stream, KafkaConfig.Numbers numbers) {
    return Sha256.ofText(
        "Kafka[topic=%s, partitions=%s, shape=%s, columns=%s, classes=%s, mean=%s, deviation=%s, holdOut=%s, window=%s, start=%s]"
            .formatted(
                stream.topic(),
                stream.partitions(),
                numbers.shape(),
                numbers.columns(),
                numbers.classes(),
                numbers.mean(),
                numbers.deviation(),
                stream.holdOut(),
                stream.window(),
                stream.start()));
  }

  private static Normalization normalization(KafkaConfig.Numbers stream) {
    int groups = Math.max(stream.mean().size(), stream.deviation().size());
    return new Normalization(perGroup(stream.mean(), groups), perGroup(stream.deviation(), groups));
  }

  private static List<Double> perGroup(List<Double> values, int groups) {
    return values.size() == groups ? values : Collections.nCopies(groups, values.get(0));
  }
}
